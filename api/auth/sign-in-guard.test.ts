import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SignInGuard } from './sign-in-guard.ts';

/** Fails as often as it is let, for so long; the moments of the tries. */
function guess(guard: SignInGuard, login: (n: number) => string, address: (n: number) => string, ms: number) {
  const tries: number[] = [];
  for (let now = 0; now < ms; ) {
    const wait = guard.begin(login(tries.length), address(tries.length), now);
    if (wait === 0) tries.push(now);
    now += Math.max(1, wait);
  }
  return tries;
}

it('lets a few mistakes pass, then makes each wait longer, to a minute a login', () => {
  const tries = guess(
    new SignInGuard(),
    () => 'ann',
    (n) => `10.0.${n >> 8}.${n & 255}`,
    600_000,
  );
  const waits = tries.slice(1).map((at, i) => at - (tries[i] as number));
  expect(waits.slice(0, 12)).toEqual([1, 1, 1, 1, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
  expect(Math.max(...waits)).toBe(60_000);
});

it('shuts out an address that tries many logins', () => {
  const tries = guess(
    new SignInGuard(),
    (n) => `user-${n}`,
    () => '10.0.0.1',
    3_600_000,
  );
  expect(tries.length).toBeLessThan(40);
});

it('takes one line’s IPv6 addresses for one, and an IPv4 one written as IPv6 for itself', () => {
  const one = guess(
    new SignInGuard(),
    (n) => `user-${n}`,
    (n) => `2001:db8:1:2::${n}`,
    3_600_000,
  );
  expect(one.length).toBeLessThan(40);
  const many = guess(
    new SignInGuard(),
    (n) => `user-${n}`,
    (n) => `::ffff:10.0.0.${n}`,
    100,
  );
  expect(many.length).toBe(100);
});

it('counts tries that are under way, and not those that it refused', () => {
  const guard = new SignInGuard();
  const waits = Array.from({ length: 50 }, () => guard.begin('ann', '10.0.0.1', 1000));
  expect(waits.filter((wait) => wait === 0).length).toBe(5);
  expect(guard.begin('ann', '10.0.0.1', 2000)).toBe(0);
});

it('a success clears the login, but not what its address did before', () => {
  const guard = new SignInGuard();
  for (let n = 0; n < 60; n++) {
    guard.begin(`user-${n}`, '10.0.0.1', 0);
    if (guard.begin('mallory', '10.0.0.1', 0) === 0) guard.succeeded('mallory', '10.0.0.1', 0);
  }
  expect(guard.begin('ann', '10.0.0.1', 0)).toBeGreaterThan(0);
  expect(guard.begin('mallory', '10.0.0.2', 0)).toBe(0);
});

it('forgets after a quiet hour', () => {
  const guard = new SignInGuard();
  for (let n = 0; n < 30; n++) guard.begin('ann', '10.0.0.1', n * 60_000);
  expect(guard.begin('ann', '10.0.0.1', 30 * 60_000 + 3_600_001)).toBe(0);
  expect(guard.begin('ann', '10.0.0.1', 30 * 60_000 + 3_600_002)).toBe(0);
});

it('never lets one login be tried faster than its failures allow, whoever tries', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(200), fc.nat(5000)), { maxLength: 200 }), (steps) => {
      const guard = new SignInGuard();
      let now = 0;
      const tries: number[] = [];
      for (const [address, pause] of steps) {
        now += pause;
        if (guard.begin('ann', `10.0.0.${address}`, now) === 0) tries.push(now);
      }
      for (let n = 5; n < tries.length; n++) {
        const gap = (tries[n] as number) - (tries[n - 1] as number);
        expect(gap).toBeGreaterThanOrEqual(Math.min(60_000, 1000 * 2 ** (n - 5)));
      }
    }),
    { seed: 35, numRuns: 200 },
  );
});
