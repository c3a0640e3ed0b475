"""Is this machine set up: settings, disk, static files?"""

import shutil
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core import checks
from django.utils.translation import gettext as _

from qa_observability.env import LOCAL_DIR
from qa_observability.roof.doctor.findings import Finding, Verdict

GIB = 1024**3
FULL_GIB = 0.5
NARROW_GIB = 5.0
STYLESHEET = "qa/qa.css"


def configuration() -> Finding:
    """Would Django's own checks, those for production among them, pass?"""
    found = checks.run_checks(include_deployment_checks=True)
    serious = [each for each in found if each.level >= checks.ERROR]
    if serious:
        return Finding(
            "configuration",
            Verdict.FAIL,
            "; ".join(f"{each.id}: {each.msg}" for each in serious),
            _("Correct the settings named; `manage.py check --deploy` tells more."),
        )
    if settings.DEBUG:
        return Finding(
            "configuration",
            Verdict.WARN,
            _("DEBUG is on: errors show code and settings."),
            _("Unset DEBUG."),
        )
    if found:
        return Finding(
            "configuration",
            Verdict.WARN,
            _("Not fit for the open network: %s.")
            % ", ".join(str(each.id) for each in found),
            _(
                "Serve over HTTPS and unset HTTPS_ONLY=0; see `manage.py check --deploy`."
            ),
        )
    return Finding("configuration", Verdict.OK, _("Fit for production."))


def disk() -> Finding:
    """Is there room for uploads and, where it lives here, the database?"""
    place = next(path for path in (LOCAL_DIR, *LOCAL_DIR.parents) if path.exists())
    return judged_room(shutil.disk_usage(place).free, place)


def judged_room(free_bytes: int, place: Path) -> Finding:
    """Judge how many bytes are free at ``place``."""
    free = free_bytes / GIB
    detail = _("%(free).1f GiB free at %(place)s.") % {"free": free, "place": place}
    cure = _("Make room, or point LOCAL_DIR to a larger disk.")
    if free < FULL_GIB:
        return Finding("disk", Verdict.FAIL, detail, cure)
    if free < NARROW_GIB:
        return Finding("disk", Verdict.WARN, detail, cure)
    return Finding("disk", Verdict.OK, detail)


def static_files() -> Finding:
    """Can pages name their stylesheet? Fails when nothing was collected."""
    try:
        url = staticfiles_storage.url(STYLESHEET)
    except ValueError:
        return Finding(
            "static files",
            Verdict.FAIL,
            _("Nothing was collected to %s.") % settings.STATIC_ROOT,
            _("Run `manage.py collectstatic --noinput`."),
        )
    return Finding("static files", Verdict.OK, _("Pages get %s.") % url)
