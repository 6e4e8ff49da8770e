// Kamailio that stores into PostgreSQL: as a HEP collector (its module sipcapture),
// or as one of voice quality reports.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, Server } from './server.js';

/** Table of `report_capture` and of RTCP, as the module writes it. */
export const REPORT_TABLE = (name: string) => `create table ${name} (
  date timestamp, micro_ts bigint, correlation_id text, source_ip text, source_port int, destination_ip text,
  destination_port int, proto int, family int, type int, node text, msg bytea)`;

/** Table of what the script of `hepRoute` stores: the chunks of each frame. */
export const CHUNK_TABLE = `create table hep_chunks (
  came serial, family int, ip_protocol int, source_ip text, destination_ip text, source_port int,
  destination_port int, seconds bigint, microseconds bigint, type int, capture_id bigint, password text,
  correlation_id text, payload text)`;

/** Stores the chunks of each frame by SQL, as Kamailio's own tables have no place for types 34 and 35. */
const hepRoute = `
event_route[sipcapture:request] {
  sql_query("db", "insert into hep_chunks (family, ip_protocol, source_ip, destination_ip, source_port,
    destination_port, seconds, microseconds, type, capture_id, password, correlation_id, payload) values ($hep(0x001),
    $hep(0x002), '$hep(0x003)', '$hep(0x004)', $hep(0x007), $hep(0x008), $hep(0x009), $hep(0x00a), $hep(0x00b),
    $hep(0x00c), E$(hep(0x00e){sql.val.str}), E$(hep(0x011){sql.val.str}), E$(hep(0x00f){sql.val.str}))");
  return 0;
}`;

/** Table of the reports that are published. */
export const REPORTS_TABLE =
  'create table vq_reports (came serial, call_id text, event text, content_type text, body text)';

/** A report is acknowledged once it is stored. */
const publishRoute = `
request_route {
  if (!is_method("PUBLISH") || !has_body("application/vq-rtcpxr")) {
    sl_send_reply("405", "Method Not Allowed");
    exit;
  }
  if (!sql_query("db", "insert into vq_reports (call_id, event, content_type, body) values (E$(ci{sql.val.str}),
      E$(hdr(Event){sql.val.str}), E$(cT{sql.val.str}), E$(rb{sql.val.str}))")) {
    sl_send_reply("500", "Not Stored");
    exit;
  }
  sl_send_reply("200", "OK");
}`;

export interface KamailioOptions {
  port: number;
  /** Of startPostgres(). */
  databasePort: number;
  /** HEP: own tables of the module, or a script that stores every chunk. SIP: published reports. */
  store: 'own-tables' | 'chunks' | 'reports';
}

const config = ({ port, databasePort, store }: KamailioOptions) => {
  const database = `postgres://postgres:none@127.0.0.1:${databasePort}/postgres`;
  return `#!KAMAILIO
debug=0
log_stderror=yes
fork=yes
children=2
tcp_children=2
${store === 'reports' ? '' : 'tcp_accept_hep3=yes\ntcp_accept_no_cl=yes'}
listen=udp:127.0.0.1:${port}
listen=tcp:127.0.0.1:${port}
loadmodule "db_postgres.so"
loadmodule "pv.so"
loadmodule "textops.so"
loadmodule "sl.so"
loadmodule "sqlops.so"
modparam("sqlops", "sqlcon", "db=>${database}")
${store === 'reports' ? publishRoute : hepConfig(database, store)}
`;
};

const hepConfig = (database: string, store: KamailioOptions['store']) => `
loadmodule "sipcapture.so"
modparam("sipcapture", "db_url", "${database}")
modparam("sipcapture", "capture_on", 1)
modparam("sipcapture", "hep_capture_on", 1)
modparam("sipcapture", "capture_node", "kamailio")
modparam("sipcapture", "nonsip_hook", ${store === 'chunks' ? 1 : 0})
request_route { drop; }
${store === 'chunks' ? hepRoute : ''}
`;

export class Kamailio {
  private constructor(
    readonly port: number,
    private readonly server: Server,
    private readonly folder: string,
  ) {}

  static async start(options: Omit<KamailioOptions, 'port'> & { port?: number }): Promise<Kamailio> {
    const port = options.port ?? (await freePort());
    const folder = mkdtempSync(join(tmpdir(), 'rtpsonde-kamailio-'));
    writeFileSync(join(folder, 'kamailio.cfg'), config({ ...options, port }));
    const args = ['-f', 'kamailio.cfg', '-DD', '-E', '-w', folder, '-Y', folder, '-P', join(folder, 'pid')];
    const server = await Server.start({
      command: 'kamailio',
      args,
      cwd: folder,
      ready: () => accepts(port),
      timeoutMs: 30_000,
    });
    return new Kamailio(port, server, folder);
  }

  get output(): string {
    return this.server.output;
  }

  /** It takes what comes into its sockets, but reads nothing any more. */
  freeze(): void {
    this.server.signal('SIGSTOP');
  }

  async stop(signal?: NodeJS.Signals): Promise<void> {
    await this.server.stop(signal);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
