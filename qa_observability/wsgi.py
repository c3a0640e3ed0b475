"""Server entry point."""

import os

from django.core.wsgi import get_wsgi_application

from qa_observability.garbage import leave_what_stays

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qa_observability.settings")

application = get_wsgi_application()
leave_what_stays()
