/** The folder of the jars; it may not be there yet. */
export function kafkaJars(): string;
/** Fetches what is missing. Throws when maven cannot. */
export function ensureKafka(): void;
