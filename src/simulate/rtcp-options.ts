// Options of the RTCP that the ends of a call send each other.

/** Feedback of a receiver of video (RFC 4585, RFC 5104, and two drafts in wide use). */
export const feedbackKinds = ['nack', 'pli', 'fir', 'remb', 'twcc'] as const;
export type FeedbackKind = (typeof feedbackKinds)[number];

export interface RtcpOptions {
  /** Reports suffer the jitter and the losses of both legs as media does; otherwise only their delays. */
  rtcpImpaired: boolean;
  /** Reduced-size RTCP (RFC 5506): reports without SDES; extended reports and feedback in datagrams of their own. */
  rtcpReduced: boolean;
  /** Octets of padding at the end of each RTCP datagram (RFC 3550 6.4.1), 0 to 252 in steps of 4. */
  rtcpPadding: number;
  /** More than the needed: SDES items beside CNAME, APP packets, a reason in BYE. */
  rtcpExtras: boolean;
  /** Extended report blocks (RFC 3611 and later) by block type, in the order in which they are sent. */
  xr: number[];
  /** Feedback that receivers of video send. */
  feedback: FeedbackKind[];
  /** SRTP: RTCP is unreadable behind its first 8 octets (RFC 3711 3.4). */
  srtp: boolean;
  /** Audio and video of a call on the same ports (RFC 9143), so that reports have several blocks. */
  bundle: boolean;
}

export const defaultRtcpOptions: Readonly<RtcpOptions> = {
  rtcpImpaired: false,
  rtcpReduced: false,
  rtcpPadding: 0,
  rtcpExtras: false,
  xr: [],
  feedback: [],
  srtp: false,
  bundle: false,
};
