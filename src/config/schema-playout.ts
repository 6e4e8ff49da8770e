// The section `measure.playout`: emulated jitter buffers.
import { z } from 'zod';

const MOST_PROFILES = 3;

const profileSchema = z
  .strictObject({
    name: z.string().min(1).max(32).describe('Name of the profile in summaries.'),
    kind: z
      .enum(['fixed', 'adaptive'])
      .describe(
        'fixed: every packet is played the same time after the least transit of late. adaptive: the delay follows the packets.',
      ),
    delayMs: z
      .number()
      .min(0)
      .max(2000)
      .describe('Playout delay in ms above the least transit; of an adaptive buffer the least delay.'),
    maxMs: z
      .number()
      .min(0)
      .max(5000)
      .describe(
        'What the buffer can hold at most, in ms; a packet that would wait longer came too early. Of an adaptive buffer the largest delay.',
      ),
  })
  .superRefine((profile, context) => {
    if (profile.maxMs < profile.delayMs)
      context.addIssue({
        code: 'custom',
        path: ['maxMs'],
        message: `must be at least delayMs (${profile.delayMs}), is ${profile.maxMs}`,
        input: profile,
      });
  });

export const playoutSchema = z
  .strictObject({
    profiles: z
      .array(profileSchema)
      .min(1)
      .max(MOST_PROFILES)
      .default([
        { name: 'fixed50', kind: 'fixed', delayMs: 50, maxMs: 100 },
        { name: 'fixed200', kind: 'fixed', delayMs: 200, maxMs: 400 },
        { name: 'adaptive', kind: 'adaptive', delayMs: 20, maxMs: 500 },
      ])
      .describe('One to three profiles side by side, at most one of them adaptive.'),
    quality: z
      .string()
      .default('adaptive')
      .describe('Name of the profile whose discards and delay go into the MOS.'),
  })
  .superRefine(({ profiles, quality }, context) => {
    const names = profiles.map(({ name }) => name);
    const repeated = names.findIndex((name, i) => names.indexOf(name) !== i);
    if (repeated !== -1)
      context.addIssue({
        code: 'custom',
        path: ['profiles', repeated, 'name'],
        message: `names two profiles: ${names[repeated]}`,
        input: profiles,
      });
    const second = profiles
      .map(({ kind }) => kind)
      .indexOf('adaptive', profiles.findIndex(({ kind }) => kind === 'adaptive') + 1);
    if (second > 0)
      context.addIssue({
        code: 'custom',
        path: ['profiles', second, 'kind'],
        message: 'only one profile can be adaptive',
        input: profiles,
      });
    if (!names.includes(quality))
      context.addIssue({
        code: 'custom',
        path: ['quality'],
        message: `no profile has this name; there are ${names.join(', ')}`,
        input: quality,
      });
  });
