import { expect, it } from 'vitest';
import { createPasswords } from './passwords.ts';

it('keeps passwords as argon2id of the recommended cost, salted', async () => {
  const passwords = await createPasswords();
  const [one, two] = await Promise.all([passwords.hash('correct horse'), passwords.hash('correct horse')]);
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(one).not.toBe(two);
  expect(await passwords.verify(one, 'correct horse')).toBe(true);
  expect(await passwords.verify(one, 'Correct horse')).toBe(false);
});

it('takes an unknown user for a wrong password, whatever is typed', async () => {
  const passwords = await createPasswords();
  expect(await passwords.verify(undefined, 'nobody has this password')).toBe(false);
});

it('works off many at once, and refuses a flood', async () => {
  const passwords = await createPasswords();
  const known = await passwords.hash('correct horse');
  const answers = await Promise.allSettled(
    Array.from({ length: 70 }, () => passwords.verify(known, 'correct horse')),
  );
  const [right, refused] = [
    answers.filter((a) => a.status === 'fulfilled' && a.value),
    answers.filter((a) => a.status === 'rejected' && a.reason.code === 'TOO_MANY'),
  ];
  expect([right.length, refused.length]).toEqual([66, 4]);
});
