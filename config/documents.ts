import { readFileSync } from 'node:fs';
import { renderExample } from './example.ts';
import { renderReference } from './reference.ts';
import { ConfigSchema } from './schema.ts';
import { shapeOf } from './schema-shape.ts';

/** The file that `cabinwatch config example` prints: a start that works, and every default with its meaning. */
export function configExample(): string {
  const head = readFileSync(new URL('./example-head.yaml', import.meta.url), 'utf8');
  return renderExample(shapeOf(ConfigSchema), head);
}

/** Every key, its default, what is allowed and what it does, as Markdown. */
export function configReference(): string {
  return renderReference(shapeOf(ConfigSchema));
}
