FROM debian:bookworm-slim
RUN apt-get update \
  && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends openjdk-17-jre-headless \
  && rm -rf /var/lib/apt/lists/*
COPY lib /zookeeper/lib
# Short ticks, so that short sessions are allowed. Data are synced as in production.
CMD ["java", "-Xmx128m", "-XX:+UseSerialGC", "-Dzookeeper.admin.enableServer=false", "-cp", "/zookeeper/lib/*", \
  "org.apache.zookeeper.server.ZooKeeperServerMain", "2181", "/zookeeper/data", "500"]
