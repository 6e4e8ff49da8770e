import type { DeliveryError } from '../../../../src/export/exporter.js';

/** Why a batch was not delivered. */
export async function faultOf(action: Promise<void>) {
  try {
    await action;
  } catch (error) {
    const { code, message, remedy, retryAfterMs } = error as DeliveryError;
    return { code, message, remedy, retryAfterMs };
  }
  throw new Error('delivered');
}
