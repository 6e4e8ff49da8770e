#!/bin/bash
# Makes the topics of rtpsonde where they are missing.
set -euo pipefail
for topic in rtpsonde.window:12 rtpsonde.stream:6 rtpsonde.capture:1; do
  /opt/kafka/bin/kafka-topics.sh --bootstrap-server "${KAFKA_BOOTSTRAP:-kafka:9092}" --create --if-not-exists \
    --topic "${topic%:*}" --partitions "${topic#*:}" --replication-factor "${KAFKA_REPLICATION:-1}"
done
