# One image for every role of dondoc. Both stages take their packages from deps/debian-12.txt.
FROM debian:12-slim AS build
COPY deps/debian-12.txt /deps.txt
RUN apt-get update \
    && awk '/^\[/ { on = $1 == "[build]"; next } on && NF && !/^#/ { print $1 }' /deps.txt \
        | DEBIAN_FRONTEND=noninteractive xargs apt-get install -y --no-install-recommends \
    && rm -rf /var/lib/apt/lists/*
COPY . /src
WORKDIR /src
RUN cmake --preset release && cmake --build --preset release --target dondoc dondocd

FROM debian:12-slim
COPY deps/debian-12.txt /deps.txt
RUN apt-get update \
    && awk '/^\[/ { on = $1 == "[run]"; next } on && NF && !/^#/ { print $1 }' /deps.txt \
        | DEBIAN_FRONTEND=noninteractive xargs apt-get install -y --no-install-recommends \
    && rm -rf /var/lib/apt/lists/* /deps.txt \
    && useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin dondoc \
    && install -d -o 10001 -g 10001 -m 0700 /var/lib/dondoc
COPY --from=build /src/build/dondoc /src/build/dondocd /usr/bin/
COPY programmes /usr/share/dondoc/programmes
COPY scores /usr/share/dondoc/scores
# By number, so that Kubernetes' runAsNonRoot can see that it is not root.
USER 10001
VOLUME /var/lib/dondoc
ENTRYPOINT ["dondocd"]
