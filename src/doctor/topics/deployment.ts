// The configuration, where summaries go, and the service.
import type { ConfigFacts, Facts } from '../facts.js';
import type { Check, FindingInfo, Verdict } from '../finding.js';
import { foundIf } from '../finding.js';
import { bytesText, listText } from '../words.js';

/** A check of a configuration that loads. */
function configured(check: (config: ConfigFacts, facts: Facts) => Verdict | readonly Verdict[]): Check {
  return (facts) => {
    const { config } = facts;
    return config === null || config.faults.length > 0 ? null : check(config, facts);
  };
}

export const deployment = {
  'config-invalid': {
    severity: 'error',
    title: 'The configuration does not load',
    meaning: 'The daemon would not start; everything else was looked at with the defaults.',
    mend: 'rtpsonde check-config {config}',
    check: ({ config }) =>
      config === null
        ? null
        : foundIf(
            config.faults.length > 0,
            config.faults.length > 0 ? listText(config.faults, 3) : `${config.file} is valid`,
            { config: config.file },
          ),
  },
  'config-doubtful': {
    severity: 'warning',
    title: 'The configuration has something that is probably not meant',
    meaning: 'It is allowed, but not safe or without effect.',
    mend: 'rtpsonde check-config {config}',
    check: configured(({ file, warnings }) =>
      foundIf(warnings.length > 0, warnings.length > 0 ? listText(warnings, 3) : 'no warnings', {
        config: file,
      }),
    ),
  },
  'output-not-writable': {
    severity: 'error',
    title: 'The daemon cannot write where summaries go',
    meaning: 'It would end with ERR_OUTPUT before it measures anything.',
    mend: 'install -d -o {user} -g {user} -m 0750 {folder}',
    check: configured(({ outputs }) =>
      outputs.map(({ exporter, folder, user, exists, writable }) =>
        foundIf(
          !writable,
          `${exporter}: ${folder} ${exists ? `is${writable ? '' : ' not'} writable for ${user}` : 'does not exist'}`,
          { folder, user },
        ),
      ),
    ),
  },
  'disk-short': {
    severity: 'warning',
    title: 'There is less room than the exporter may use',
    meaning: 'When the disk is full the exporter stops writing, and summaries are lost (ERR_OUTPUT_FULL).',
    mend: 'df -h {folder}   # then lower rotate.maxMiB or rotate.maxFiles, or give it more room',
    check: configured(({ outputs }) =>
      outputs.flatMap(({ exporter, folder, freeBytes, wantedBytes }) =>
        freeBytes === null
          ? []
          : [
              foundIf(
                freeBytes < wantedBytes,
                `${exporter}: ${bytesText(freeBytes)} are free, it may use ${bytesText(wantedBytes)} more`,
                { folder },
              ),
            ],
      ),
    ),
  },
  'collector-unknown': {
    severity: 'error',
    title: 'The name of a collector does not resolve',
    meaning: 'Nothing can be delivered; summaries queue up until the oldest are dropped.',
    mend: 'getent ahosts {host}',
    check: configured(({ collectors }) =>
      collectors.map(({ exporter, host, resolves }) =>
        foundIf(!resolves, `${exporter}: ${host} ${resolves ? 'resolves' : 'does not resolve'}`, { host }),
      ),
    ),
  },
  'service-not-installed': {
    severity: 'note',
    title: 'The service is not installed',
    meaning: 'Nothing starts the daemon with the machine, restarts it, or confines it.',
    mend: 'cp systemd/rtpsonde.service /usr/lib/systemd/system/ && systemctl daemon-reload && systemctl enable --now rtpsonde',
    check: ({ service }) =>
      service === null
        ? null
        : foundIf(!service.installed, service.installed ? 'installed' : 'no rtpsonde.service'),
  },
  'service-not-enabled': {
    severity: 'warning',
    title: 'The service does not start with the machine',
    meaning: 'After the next start of the machine nothing is measured.',
    mend: 'systemctl enable rtpsonde',
    check: ({ service }) =>
      service?.installed ? foundIf(!service.enabled, service.enabled ? 'enabled' : 'not enabled') : null,
  },
  'service-failed': {
    severity: 'error',
    title: 'The service has failed',
    meaning: 'Nothing is measured; its last words say why.',
    mend: 'journalctl -u rtpsonde -n 50 --no-pager',
    check: ({ service }) =>
      service?.installed ? foundIf(service.state === 'failed', `state: ${service.state}`) : null,
  },
} as const satisfies Record<string, FindingInfo>;
