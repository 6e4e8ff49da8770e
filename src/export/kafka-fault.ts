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
  UNKNOWN_TOPIC_OR_PARTITION: waiting('does not know the topic; create it, or set createTopics'),
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

/** @param where the brokers, for the message */
export function judgeKafka(thrown: unknown, where: string, secrets: readonly string[]): KafkaFault {
  const chain = [...chainOf(thrown)];
  const ids = chain.map(({ apiId }) => apiId).filter((id) => id !== undefined);
  const known = ids.find((id) => id in verdicts);
  const verdict = known === undefined ? undefined : verdicts[known];
  // A fault of no name may have left the client in a state that only its authors know.
  const isFinal =
    ids.some((id) => PRODUCER_FAULTS.has(id)) || !chain.some(({ canRetry }) => canRetry === true);
  const options = { cause: thrown };
  if (verdict !== undefined) {
    const error = new DeliveryError(verdict.code, `${where} ${verdict.says}`, {
      remedy: verdict.remedy,
      ...options,
    });
    return { error, isFinal };
  }
  const isTls = chain.some(({ code = '' }) => /CERT|_TLS_|_SSL_|SELF_SIGNED|UNABLE_TO_/.test(code));
  const reason = hide(wordsOf(chain, ids), secrets);
  const says = isTls
    ? `cannot be trusted, or refuses our certificate: ${reason}`
    : `cannot take the batch: ${reason}`;
  const code = isTls ? 'ERR_EXPORT_TLS' : 'ERR_EXPORT_UNAVAILABLE';
  return { error: new DeliveryError(code, `${where} ${says}`, { remedy: 'retry', ...options }), isFinal };
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
