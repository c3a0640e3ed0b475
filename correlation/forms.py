"""What may a person or a CI job say with test result files?"""

from typing import Any, BinaryIO, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from correlation.ingest.files import Upload
from correlation.lines.reader import REVISION_LENGTH, RUN_LENGTH, SOURCE_LENGTH


class SeveralFilesInput(forms.ClearableFileInput):
    """A file input that takes several at once."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """One or more files, as a list; none is an error, for no report is no green run."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[BinaryIO]:
        files = data if isinstance(data, list) and data else [None]
        clean = super().clean  # without arguments, super() fails inside the list
        return [cast("BinaryIO", clean(file, initial)) for file in files]


class ResultFilesForm(forms.Form):
    """Test result files, and what their reports seldom say themselves."""

    file = SeveralFilesField(
        label=_("Files"),
        allow_empty_file=True,  # the reader says it better
        help_text=_("JUnit XML, Newman JSON or result lines. All files of one job."),
    )
    source = forms.CharField(
        label=_("Source"),
        required=False,
        max_length=SOURCE_LENGTH,
        help_text=_("The suite or job; tests of one name differ by it."),
    )
    run_id = forms.CharField(
        label=_("Run"),
        required=False,
        max_length=RUN_LENGTH,
        help_text=_("The CI run's id. Empty: the file itself."),
    )
    revision = forms.CharField(
        label=_("Revision"),
        required=False,
        max_length=REVISION_LENGTH,
        help_text=_("The commit that was tested."),
    )
    started_at = forms.DateTimeField(
        label=_("Started at"),
        required=False,
        help_text=_("For reports without times, in UTC unless a zone is given."),
    )
    keep_sample = forms.BooleanField(
        label=_("Keep sample data"),
        required=False,
        help_text=_("Else the first real results take it away."),
    )

    def upload(self) -> Upload:
        """Return what was said, once the form is valid."""
        said = self.cleaned_data
        return Upload(
            source=said["source"],
            run_id=said["run_id"],
            revision=said["revision"],
            started_at=said["started_at"],
            keep_sample=said["keep_sample"],
        )
