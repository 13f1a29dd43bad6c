# The bot as an image. The database lives in /data.
#   docker build -t borderwatch .
#   docker run -v borderwatch:/data -e BORDERWATCH_TELEGRAM_TOKEN=... borderwatch

FROM python:3.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src

# The environment that the image runs, without pip and without development tools; before the code, so that it is cached.
COPY requirements/runtime.txt requirements/build.txt requirements/
RUN python -m venv --without-pip /opt/borderwatch \
    && pip --python /opt/borderwatch/bin/python install --require-hashes -r requirements/runtime.txt
RUN pip install --require-hashes -r requirements/build.txt

COPY pyproject.toml README.md LICENSE ./
COPY rules rules
COPY storage storage
COPY bot bot
RUN pip wheel --no-index --no-deps --no-build-isolation --wheel-dir dist . \
    && pip --python /opt/borderwatch/bin/python install --no-index --no-deps dist/*.whl


FROM python:3.13-slim-bookworm
LABEL org.opencontainers.image.title="borderwatch" \
      org.opencontainers.image.description="Watches news feeds for the indicators of an analyst report and alerts chats" \
      org.opencontainers.image.licenses="MIT"
ENV PATH=/opt/borderwatch/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    BORDERWATCH_DATA_DIR=/data

RUN groupadd --gid 10001 borderwatch \
    && useradd --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin borderwatch \
    && install --directory --owner=10001 --group=10001 --mode=0750 /data
COPY --from=build /opt/borderwatch /opt/borderwatch

USER 10001:10001
WORKDIR /data
VOLUME ["/data"]
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=1m --timeout=10s --start-period=1m --retries=3 CMD ["borderwatch", "health"]
ENTRYPOINT ["borderwatch"]
CMD ["run"]
