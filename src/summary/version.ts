/** Version of the summary schema: a reader must accept new fields; removed or changed ones raise the number. */
export const SCHEMA_VERSION = 2 as const;
