// Results in which every string that the schema does not restrict is hostile, also the names of counters.
import { type Results, resultsSchema } from '../../harness/results/results.js';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** These nulls stay, because a reason for void timing would void all times. */
const KEPT_NULL = /\.error$/;

/** The results with `payload` in every place where the schema allows it. */
export function hostileResults(results: Results, payload: string): Results {
  let hostile = results as unknown as Json;
  for (const place of placesIn(hostile, '')) {
    const candidate = changedAt(hostile, '', place, payload);
    if (resultsSchema.safeParse(candidate).success) hostile = candidate;
  }
  return resultsSchema.parse(hostile);
}

/** The paths of strings, nulls and objects, which can take another key. All elements of a list have the same path. */
function placesIn(value: Json, path: string): Set<string> {
  if (typeof value === 'string') return new Set([path]);
  if (value === null) return new Set(KEPT_NULL.test(path) ? [] : [path]);
  if (Array.isArray(value)) return new Set(value.flatMap((item) => [...placesIn(item, `${path}[]`)]));
  if (typeof value !== 'object') return new Set();
  const within = Object.entries(value).flatMap(([key, item]) => [...placesIn(item, `${path}.${key}`)]);
  return new Set([...within, `${path}{}`]);
}

function changedAt(value: Json, path: string, place: string, payload: string): Json {
  if (path === place && (typeof value === 'string' || value === null)) return payload;
  if (Array.isArray(value)) return value.map((item) => changedAt(item, `${path}[]`, place, payload));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]): [string, Json] => [
    key,
    changedAt(item, `${path}.${key}`, place, payload),
  ]);
  return Object.fromEntries(`${path}{}` === place ? [...entries, [payload, 1]] : entries);
}
