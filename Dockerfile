# The image holds one static program, certificates and an empty folder.
#
#	docker build -t kapbot .
#	docker run --rm -p 8080:8080 -e KAPBOT_WEB_LISTEN=:8080 -v kapbot:/var/lib/kapbot kapbot
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /out/kapbot ./cmd/kapbot \
 && mkdir -p /out/data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/kapbot /usr/bin/kapbot
# The store. A volume that is made here belongs to the user below.
COPY --from=build --chown=65532:65532 /out/data /var/lib/kapbot
USER 65532:65532
WORKDIR /var/lib/kapbot
VOLUME /var/lib/kapbot
HEALTHCHECK --interval=30s --timeout=6s --start-period=10s CMD ["/usr/bin/kapbot", "health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/bin/kapbot"]
CMD ["serve"]
