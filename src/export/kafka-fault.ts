// What a failed production means for the batch, from what the client throws.
import { type ErrorCode, systemReason } from '../ops/errors.js';
import { DeliveryError, type Remedy } from './exporter.js';
import { hide } from './http-secrets.js';

interface Verdict {
  code: ErrorCode;
  remedy: Remedy;
  says: string;
}

/** By the name that the protocol gives an error; those not named are about the moment. */
const verdicts: Readonly<Record<string, Verdict>> = {
  SASL_AUTHENTICATION_FAILED: refused('refuses user name or password'),
  UNSUPPORTED_SASL_MECHANISM: refused('does not offer this SASL mechanism'),
  ILLEGAL_SASL_STATE: refused('wants no SASL here'),
  TOPIC_AUTHORIZATION_FAILED: refused('does not let this user write to the topic'),
  CLUSTER_AUTHORIZATION_FAILED: refused('does not let this user produce with idempotence'),
  INVALID_TOPIC_EXCEPTION: waiting('does not take the name of the topic'),
  MESSAGE_TOO_LARGE: rejected(
    'finds the batch too large; lower batchMaxKiB or raise max.message.bytes',
    'split',
  ),
  RECORD_LIST_TOO_LARGE: rejected(
    'finds the batch too large; lower batchMaxKiB or raise segment.bytes',
    'split',
  ),
  INVALID_RECORD: rejected('refuses the records', 'split'),
  UNSUPPORTED_COMPRESSION_TYPE: waiting('does not take this compression; choose another'),
};

/** After these the broker and the client do not agree any more what was written: a new producer is needed. */
const PRODUCER_FAULTS: ReadonlySet<string> = new Set([
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'DUPLICATE_SEQUENCE_NUMBER',
  'INVALID_PRODUCER_EPOCH',
  'INVALID_PRODUCER_ID_MAPPING',
  'PRODUCER_FENCED',
  'UNKNOWN_PRODUCER_ID',
]);

function refused(says: string): Verdict {
  return { code: 'ERR_EXPORT_PERMISSION', remedy: 'retry-slowly', says: `${says}; records wait` };
}
function waiting(says: string): Verdict {
  return { code: 'ERR_EXPORT_UNAVAILABLE', remedy: 'retry-slowly', says: `${says}; records wait` };
}
function rejected(says: string, remedy: Remedy): Verdict {
  return { code: 'ERR_EXPORT_REJECTED', remedy, says };
}

export interface KafkaFault {
  error: DeliveryError;
  /** The producer must not be used again. */
  isFinal: boolean;
}

/** The client finds out by itself, and gives no name to it. */
const UNKNOWN_TOPIC = /^Unknown topic (\S+)\.$/;

export interface KafkaPeer {
  /** As messages name it. */
  name: string;
  /** Brokers are asked to make topics that are missing, which takes them a moment. */
  createTopics: boolean;
  /** What must not appear in a message. */
  secrets: readonly string[];
}

export function judgeKafka(thrown: unknown, peer: KafkaPeer): KafkaFault {
  const chain = [...chainOf(thrown)];
  const ids = chain.map(({ apiId }) => apiId).filter((id) => id !== undefined);
  const known = ids.find((id) => id in verdicts);
  const verdict =
    (known === undefined ? undefined : verdicts[known]) ??
    missingTopic(chain, peer) ??
    otherwise(chain, ids, peer);
  const { code, remedy, says } = verdict;
  // What is not of the client's own errors may have left it in a state that nobody knows.
  const isKnown = chain.some(({ code = '' }) => code.startsWith('PLT_KFK_'));
  const isFinal = ids.some((id) => PRODUCER_FAULTS.has(id)) || !isKnown;
  return { error: new DeliveryError(code, `${peer.name} ${says}`, { remedy, cause: thrown }), isFinal };
}

function missingTopic(chain: readonly ClientError[], { createTopics }: KafkaPeer): Verdict | undefined {
  const topic = chain
    .map(({ message = '' }) => UNKNOWN_TOPIC.exec(message)?.[1])
    .find((name) => name !== undefined);
  if (topic === undefined) return undefined;
  if (!createTopics) return waiting(`does not know the topic ${topic}; create it, or set createTopics`);
  return { code: 'ERR_EXPORT_UNAVAILABLE', remedy: 'retry', says: `has not made the topic ${topic} yet` };
}

function otherwise(chain: readonly ClientError[], ids: readonly string[], { secrets }: KafkaPeer): Verdict {
  const reason = hide(wordsOf(chain, ids), secrets);
  if (chain.some(({ code = '' }) => /CERT|_TLS_|_SSL_|SELF_SIGNED|UNABLE_TO_/.test(code))) {
    const says = `cannot be trusted, or refuses our certificate: ${reason}`;
    return { code: 'ERR_EXPORT_TLS', remedy: 'retry', says };
  }
  return { code: 'ERR_EXPORT_UNAVAILABLE', remedy: 'retry', says: `cannot take the batch: ${reason}` };
}

interface ClientError {
  code?: string;
  message?: string;
  apiId?: string;
  canRetry?: boolean;
  errors?: unknown[];
  cause?: unknown;
}

/** The error with all that it holds, from the outside to the root. */
function* chainOf(thrown: unknown, depth = 0): Generator<ClientError> {
  const tooDeep = depth > 8;
  if (typeof thrown !== 'object' || thrown === null || tooDeep) return;
  const error = thrown as ClientError;
  yield error;
  for (const inner of [...(error.errors ?? []), error.cause]) yield* chainOf(inner, depth + 1);
}

/** The name in the protocol, or else what the system says at the root. */
function wordsOf(chain: readonly ClientError[], ids: readonly string[]): string {
  if (ids.length > 0) return [...new Set(ids)].join(', ');
  const root = chain.findLast(({ code }) => code !== undefined && !code.startsWith('PLT_KFK_MULTIPLE'));
  return root === undefined
    ? 'unknown error'
    : systemReason(root) || (root.message ?? root.code ?? 'unknown error');
}
