// Single messages to a broker: order, how many at a time, what is sent again and what is not.
import { describe, expect, it, onTestFinished } from 'vitest';
import { DeliveryError } from '../../../src/export/exporter.js';
import { type Broker, type Message, MessagesExporter } from '../../../src/export/messages/exporter.js';
import { lines } from './support.js';

const never = new AbortController().signal;
const rejected = () => new DeliveryError('ERR_EXPORT_REJECTED', 'no', { remedy: 'drop' });
const lost = () => new DeliveryError('ERR_EXPORT_UNAVAILABLE', 'lost', { remedy: 'retry' });

/** A broker whose answers a test writes. */
class ScriptedBroker implements Broker {
  /** Ids in the order in which they were published. */
  readonly published: string[] = [];
  connections = 0;
  closed = 0;
  onTheirWay = 0;
  mostOnTheirWay = 0;
  answer: (message: Message) => Promise<void> = async () => {};

  constructor(private readonly inFlight = 10) {}

  async connect() {
    this.connections++;
    return {
      inFlight: this.inFlight,
      publish: (message: Message) => this.#publish(message),
      close: () => void this.closed++,
    };
  }

  judge(error: unknown): DeliveryError {
    return error instanceof DeliveryError ? error : lost();
  }

  async #publish(message: Message): Promise<void> {
    this.published.push(message.id);
    this.mostOnTheirWay = Math.max(this.mostOnTheirWay, ++this.onTheirWay);
    try {
      await new Promise((resolve) => setImmediate(resolve));
      await this.answer(message);
    } finally {
      this.onTheirWay--;
    }
  }
}

function setUp(broker = new ScriptedBroker(), timeoutMs = 1000) {
  const exporter = new MessagesExporter({ name: 'messages', timeoutMs }, broker);
  onTestFinished(() => exporter.close());
  return { broker, exporter };
}

const remedyOf = (delivery: Promise<void>) =>
  delivery.then(
    () => 'delivered',
    (error: unknown) => (error as DeliveryError).remedy,
  );
const from = (first: number, count: number) => Array.from({ length: count }, (_, i) => String(first + i));

describe('messages', () => {
  it('are begun in order, with a bound on those on their way, over one connection', async () => {
    const { broker, exporter } = setUp(new ScriptedBroker(7));
    await exporter.deliver(lines(0, 50), never);
    await exporter.deliver(lines(50, 50), never);
    expect(broker.published).toEqual(from(0, 100));
    expect([broker.mostOnTheirWay, broker.connections]).toEqual([7, 1]);
  });

  it('hold the JSON of the summary without its newline', async () => {
    const payloads: string[] = [];
    const { broker, exporter } = setUp();
    broker.answer = async ({ payload }) => void payloads.push(String(payload));
    await exporter.deliver(lines(0, 2), never);
    expect(payloads).toEqual(lines(0, 2).map(({ json }) => json));
  });

  it('that were acknowledged are not sent again with their batch', async () => {
    const { broker, exporter } = setUp(new ScriptedBroker(1));
    const batch = lines(0, 5);
    broker.answer = async ({ id }) => {
      if (id === '3') throw lost();
    };
    expect(await remedyOf(exporter.deliver(batch, never))).toBe('retry');
    broker.answer = async () => {};
    await exporter.deliver(batch, never);
    expect(broker.published).toEqual(['0', '1', '2', '3', '3', '4']);
    expect([broker.connections, broker.closed]).toEqual([2, 1]);
  });

  it('of a batch that was delivered are sent when they come again', async () => {
    const { broker, exporter } = setUp();
    await exporter.deliver(lines(0, 2), never);
    await exporter.deliver(lines(0, 2), never);
    expect(broker.published).toEqual(['0', '1', '0', '1']);
  });

  it('of which one is refused are split, until that one is dropped alone; the others come once', async () => {
    const { broker, exporter } = setUp(new ScriptedBroker(2));
    broker.answer = async ({ id }) => {
      if (id === '2') throw rejected();
    };
    const batch = lines(0, 4);
    expect(await remedyOf(exporter.deliver(batch, never))).toBe('split');
    expect(await remedyOf(exporter.deliver(batch.slice(0, 2), never))).toBe('delivered');
    expect(await remedyOf(exporter.deliver(batch.slice(2), never))).toBe('split');
    expect(await remedyOf(exporter.deliver(batch.slice(2, 3), never))).toBe('drop');
    expect(await remedyOf(exporter.deliver(batch.slice(3), never))).toBe('delivered');
    for (const id of ['0', '1', '3']) expect(broker.published.filter((one) => one === id)).toHaveLength(1);
    expect(broker.connections).toBe(1);
  });

  it('that are never acknowledged are given up, and the connection with them', async () => {
    const { broker, exporter } = setUp(new ScriptedBroker(), 50);
    broker.answer = () => new Promise(() => {});
    expect(await remedyOf(exporter.deliver(lines(0, 3), never))).toBe('retry');
    expect(broker.closed).toBe(1);
  });

  it('end with the signal', async () => {
    const { broker, exporter } = setUp(new ScriptedBroker(), 60_000);
    broker.answer = () => new Promise(() => {});
    const stop = new AbortController();
    const delivery = remedyOf(exporter.deliver(lines(0, 3), stop.signal));
    setTimeout(() => stop.abort(), 20);
    expect(await delivery).toBe('retry');
  });

  it('find a new connection after reopen', async () => {
    const { broker, exporter } = setUp();
    await exporter.deliver(lines(0, 1), never);
    await exporter.reopen();
    await exporter.deliver(lines(1, 1), never);
    expect([broker.connections, broker.closed]).toEqual([2, 1]);
  });
});
