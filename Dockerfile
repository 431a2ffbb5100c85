# Every image of compose.yaml, from Debian 12's packages only: the versions that scripts/compare measures.
# docker build --target troupe .   (or fastapi, flask, drf, fastify)

FROM debian:bookworm AS build
WORKDIR /src
COPY scripts/setup scripts/setup
RUN scripts/setup --package && rm -rf /var/lib/apt/lists/*
COPY CMakeLists.txt CMakePresets.json README.md CHANGELOG.md SECURITY.md ./
COPY bench bench
COPY cmake cmake
COPY config config
COPY deploy deploy
COPY docs docs
COPY examples examples
COPY web web
COPY scripts scripts
COPY src src
RUN scripts/package && mv build/package/*.deb /troupe.deb

FROM debian:bookworm-slim AS base
RUN useradd --system --uid 10001 --no-create-home app
WORKDIR /opt/troupe

FROM base AS troupe
# The package knows which libraries it needs.
COPY --from=build /troupe.deb /tmp/troupe.deb
RUN apt-get update && apt-get install -y --no-install-recommends curl ca-certificates /tmp/troupe.deb && rm -rf /var/lib/apt/lists/* /tmp/troupe.deb
COPY peers/bench peers/bench
COPY peers/scenarios peers/scenarios
USER app
ENV TROUPE_SERVER_HOST=0.0.0.0
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8080/health/ready"]
ENTRYPOINT ["troupe"]
CMD ["serve"]

FROM base AS python
RUN apt-get update && apt-get install -y --no-install-recommends curl gunicorn python3-djangorestframework python3-fastapi python3-flask \
      python3-flask-sqlalchemy python3-httptools python3-psycopg2 python3-sqlalchemy python3-uvloop uvicorn && rm -rf /var/lib/apt/lists/*
COPY peers/pick-python peers/pick-python
ENV HOST=0.0.0.0 PYTHONDONTWRITEBYTECODE=1

FROM python AS fastapi
COPY peers/fastapi peers/fastapi
USER app
EXPOSE 8000
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8000/items/"]
CMD ["peers/fastapi/run"]

FROM python AS flask
COPY peers/flask peers/flask
USER app
EXPOSE 5000
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:5000/items/"]
CMD ["peers/flask/run"]

FROM python AS drf
COPY peers/drf peers/drf
USER app
EXPOSE 8001
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8001/items/"]
CMD ["peers/drf/run"]

FROM base AS fastify
RUN apt-get update && apt-get install -y --no-install-recommends curl nodejs npm && rm -rf /var/lib/apt/lists/*
COPY peers/fastify peers/fastify
RUN peers/fastify/run --install
USER app
ENV HOST=0.0.0.0
EXPOSE 3000
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:3000/items/"]
CMD ["peers/fastify/run"]
