// Words that summaries use for numbers of records. Apart from the schema, so that
// making summaries does not load the schema library.

/** Feedback counts of a report, with what they mean. */
export const FEEDBACKS = [
  ['nacks', 'Generic NACK packets (RFC 4585 6.2.1)'],
  ['nackedPackets', 'Sequence numbers asked for by NACK (RFC 4585 6.2.1)'],
  ['plis', 'Picture loss indications (RFC 4585 6.3.1)'],
  ['slis', 'Slice loss indications (RFC 4585 6.3.2)'],
  ['rpsis', 'Reference picture selection indications (RFC 4585 6.3.3)'],
  ['firs', 'Full intra requests (RFC 5104 4.3.1)'],
  ['tmmbrs', 'Temporary maximum bit rate requests (RFC 5104 4.2.1)'],
  ['tmmbns', 'Notifications of the sender, in answer to TMMBR (RFC 5104 4.2.2)'],
  ['tstrs', 'Temporal-spatial trade-off requests (RFC 5104 4.3.2)'],
  ['tstns', 'Notifications of the sender, in answer to TSTR (RFC 5104 4.3.3)'],
  ['vbcms', 'H.271 video back channel messages (RFC 5104 4.3.4)'],
  ['rembs', 'Receiver estimated maximum bit rates (draft-alvestrand-rmcat-remb-03)'],
  ['transportCcs', 'Transport-wide congestion control (draft-holmer-rmcat-transport-wide-cc-extensions-01)'],
  ['ccfbs', 'Congestion control feedback (RFC 8888 3.1)'],
  ['ecnFeedbacks', 'ECN feedback (RFC 6679 5.1)'],
  ['otherFeedbacks', 'Other feedback packets (RFC 4585 6.1)'],
] as const;

/** By the number in an extended report (RFC 3611 4.7.6). */
export const PLC = ['unspecified', 'disabled', 'enhanced', 'standard'] as const;
export const BUFFER_KINDS = ['unknown', 'reserved', 'fixed', 'adaptive'] as const;
/** By the number in an extended report (RFC 7294 3). */
export const CONCEALMENT_PLC = ['unspecified', 'silence', 'simple', 'enhanced'] as const;
/** By the number in an extended report (RFC 7005 4). */
export const DEJITTER_KINDS = ['fixed', 'adaptive'] as const;
/** By the number in an extended report (RFC 6798 3). */
export const PDV_KINDS = ['mapdv2', 'two-point'] as const;

/** Where packets were lost. */
export const DAMAGE_SIDES = [
  'none',
  'upstream',
  'downstream',
  'both',
  'capture',
  'upstream-only-known',
] as const;

/** How far the numbers of a capture can be trusted. */
export const CONFIDENCE_LEVELS = ['full', 'reduced', 'poor'] as const;

/** How the interface of a live capture is. */
export const CAPTURE_STATES = ['capturing', 'noCarrier', 'down', 'gone'] as const;

/** By which way of the kernel packets of a live capture come. */
export const CAPTURE_METHODS = ['packet', 'xdp-generic', 'xdp-native', 'xdp-zero-copy'] as const;

/** Who gave packets their time. */
export const LIVE_TIMESTAMP_KINDS = ['hardware', 'kernel', 'reader', 'mixed'] as const;
export const TIMESTAMP_KINDS = [...LIVE_TIMESTAMP_KINDS, 'file'] as const;
