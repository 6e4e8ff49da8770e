// What the opposite direction and neighbouring streams say of a stream.
import { z } from 'zod';
import { count, flag, hexId, ms } from './schema-parts.js';

export const directionFields = {
  pairId: hexId('The same for both directions between two addresses and ports, whatever the SSRC'),
  reverse: z
    .strictObject({
      streamId: hexId('Id of the stream'),
      packets: count('Its packets in the window; for a whole stream all of them so far'),
    })
    .nullable()
    .describe(
      'The stream of the opposite direction: addresses and ports swapped, the same kind of media if there is one; null when none was seen',
    ),
  oneWayAudio: flag(
    'Audio that is heard while the opposite direction has been silent or absent for measure.oneWayAudioSeconds; for a whole stream: in any window. Packets that hold nothing but silence are known as such by measure.speechLevel alone. Hold, mute with silence suppression, and a tap that sees one direction look the same. null for what is not known to be audio, or too early to tell',
  ),
  silentMs: ms(
    'How long the opposite direction had been silent or absent at the last packet; for a whole stream the longest of its windows',
  ),
  previousStreamId: z
    .string()
    .nullable()
    .describe(
      'Stream of the same source and destination with another SSRC that stopped before this one began; null when none',
    ),
  ssrcChanges: count('How often the SSRC of this source and destination had changed so before this stream'),
  ssrcCollision: z
    .boolean()
    .describe(
      'The same SSRC came at the same time from the opposite direction, or to the same destination from another source: a collision or a loop (RFC 3550 8.2); for a whole stream: in any window',
    ),
};
