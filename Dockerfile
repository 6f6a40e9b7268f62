# The command line in a container: docker build --build-arg VERSION=0.2.0 -t istio-egress .
#   docker run --rm --network none -v "$PWD:/manifests:ro" istio-egress check
FROM node:24-alpine
ARG VERSION
RUN npm install --global --no-audit --no-fund "istio-egress@${VERSION:?give the version: --build-arg VERSION=...}" \
    && npm cache clean --force
# The user "node" of the image, by number, as Kubernetes wants it for runAsNonRoot.
USER 1000
WORKDIR /manifests
ENTRYPOINT ["istio-egress"]
CMD ["check", "."]
