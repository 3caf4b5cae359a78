FROM debian:bookworm-slim
RUN apt-get update \
  && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends postgresql-15 \
  && rm -rf /var/lib/apt/lists/*
USER postgres
# Whoever reaches the port may enter: the test publishes it on loopback only.
RUN /usr/lib/postgresql/15/bin/initdb -D /var/lib/postgresql/data --auth=trust --username=ashlar \
  && echo "host all all 0.0.0.0/0 trust" >> /var/lib/postgresql/data/pg_hba.conf
CMD ["/usr/lib/postgresql/15/bin/postgres", "-D", "/var/lib/postgresql/data", "-c", "listen_addresses=*"]
