// Generated from src/config/schema.ts by `npm run generate`. Do not edit.
import type { Config } from './schema.js';

/** What a configuration that says nothing amounts to. */
export const defaults: Pick<Config, 'capture' | 'measure' | 'quality'> = {
  "capture": {
    "method": "packet",
    "xdp": {
      "mode": "auto",
      "copy": "auto",
      "takeOver": false
    },
    "ringMiB": 256,
    "blockKiB": 1024,
    "snapLength": 128,
    "promiscuous": true,
    "udpOnly": false,
    "workers": 1,
    "busyPollUs": 0,
    "overload": "shed",
    "timestamps": "auto",
    "follow": false,
    "replaySpeed": 0
  },
  "measure": {
    "windowSeconds": 10,
    "idleTimeoutSeconds": 60,
    "maxStreams": 200000,
    "fragmentDatagrams": 64,
    "fragmentTimeoutSeconds": 5,
    "queueBlocks": 8,
    "playout": {
      "profiles": [
        {
          "name": "fixed50",
          "kind": "fixed",
          "delayMs": 50,
          "maxMs": 100
        },
        {
          "name": "fixed200",
          "kind": "fixed",
          "delayMs": 200,
          "maxMs": 400
        },
        {
          "name": "adaptive",
          "kind": "adaptive",
          "delayMs": 20,
          "maxMs": 500
        }
      ],
      "quality": "adaptive"
    },
    "burstGap": {
      "gmin": 16,
      "method": "rfc3611-4.7.2"
    },
    "speechLevel": false,
    "transmissionOffsetExtension": 0,
    "stallSeconds": 0.5,
    "oneWayAudioSeconds": 10,
    "spanCopies": {
      "mode": "auto",
      "windowMs": 50
    },
    "payloadTypes": []
  },
  "quality": {
    "model": "g107",
    "echo": "probe",
    "packetLossConcealment": true,
    "assumedNetworkDelayMs": 0,
    "jitterBufferMs": 40,
    "advantageFactor": 0,
    "ratings": {
      "excellent": 4.3,
      "good": 4,
      "fair": 3.6,
      "poor": 3.1
    },
    "codecs": {}
  }
};
