// Summaries as messages of an MQTT broker.
import { randomBytes } from 'node:crypto';
import type { Collector, ConfigOf } from '../collector.js';
import { MessagesExporter } from '../messages/exporter.js';
import { MqttBroker } from '../messages/mqtt.js';

export const mqtt: Collector<ConfigOf<'mqtt'>> = {
  type: 'mqtt',
  title: 'MQTT',
  promise: 'At least once: a summary is delivered when the broker has sent PUBACK for it (QoS 1).',
  recognise: '`id` of each summary; with MQTT 5 the user property `id` too.',
  mapping: `One summary a message, JSON as in summary.md, on the topic \`rtpsonde/{probe}/{kind}\` (\`topic\`). In the name of the probe \`/\`, \`+\` and \`#\`
become \`_\`. With MQTT 5 a message has content type \`application/json\` and the user property \`id\`. Nothing is retained.`,
  example: `
- type: mqtt
  url: mqtts://mqtt.example:8883
  username: rtpsonde
  password: {env: RTPSONDE_COLLECTOR_TOKEN}
`,
  notes: `
\`mosquitto_sub -h mqtt.example -t 'rtpsonde/+/stream' -v\` shows the streams that end. Up to 100 messages are on their way at a time, fewer where the broker
says so (Receive Maximum). PUBACK says that the broker has a message, not that anybody subscribed to it: subscribers that may be away
need a session of their own (\`clean start\` off, QoS 1). A broker that speaks 3.1.1 has no way to refuse a message: what an access
list forbids it acknowledges and throws away. With MQTT 5 that is told (reason code 0x87), and records wait.
`,
  words: ({ url, topic, version }) => `MQTT ${version} ${url}, topic ${topic}`,
  create(options) {
    const { name, url, version, clientId, username, password, topic, tls, timeoutSeconds } = options;
    const timeoutMs = timeoutSeconds * 1000;
    const id = clientId ?? `rtpsonde-${randomBytes(6).toString('hex')}`;
    const broker = new MqttBroker({ url, version, clientId: id, username, password, topic, timeoutMs });
    return new MessagesExporter({ name, tls, timeoutMs }, broker);
  },
};
