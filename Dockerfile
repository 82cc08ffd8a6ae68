# syntax=docker/dockerfile:1
# planwiki for a host. Built in one stage, run in another: no compiler, no node and no uv in what runs.
# Everything that is installed is named in uv.lock. scripts/prove-image runs these steps without Docker.

FROM python:3.13-slim AS build
ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PROJECT_ENVIRONMENT=/opt/planwiki
RUN pip install --no-cache-dir --root-user-action=ignore uv==0.13.9
WORKDIR /src
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-dev --no-install-project
COPY README.md LICENSE hatch_build.py ./
COPY client client
COPY migrations migrations
COPY policies policies
COPY src src
RUN uv sync --frozen --no-dev --no-editable

FROM python:3.13-slim
LABEL org.opencontainers.image.title="planwiki" org.opencontainers.image.licenses="MIT"
RUN useradd --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin planwiki && install -d -o planwiki -g planwiki -m 700 /data
COPY --from=build /opt/planwiki /opt/planwiki
ENV PATH=/opt/planwiki/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
ENV PLANWIKI_ENVIRONMENT=production PLANWIKI_DATA_DIR=/data
USER planwiki
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["planwiki"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
