import { Type } from 'typebox';

export const SinkName = Type.String({
  pattern: '^[a-z0-9][a-z0-9-]{0,62}$',
  expected: 'small letters, digits and dashes, beginning with a letter or digit',
  description:
    'Names the receiver; unique among all of them. What is still to be told is kept under it: after a change of name the old ' +
    'messages wait for a receiver of the old name.',
});
