import { afterEach, expect, test, vi } from 'vitest';
import type { TestModule } from 'vitest/node';
import ClosingLineReporter from './closing-line-reporter.ts';

type State = 'passed' | 'failed' | 'skipped';

function module(state: State, tests: readonly State[]): TestModule {
  const allTests = () => tests.map((test) => ({ result: () => ({ state: test }) }));
  return { state: () => state, children: { allTests } } as unknown as TestModule;
}

function closingLine(modules: readonly TestModule[], errors: readonly unknown[] = []): string {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  new ClosingLineReporter().onTestRunEnd(modules, errors);
  return write.mock.calls
    .map(([text]) => text)
    .join('')
    .trim();
}

afterEach(() => vi.restoreAllMocks());

test('counts tests over all files', () => {
  expect(closingLine([module('passed', ['passed', 'passed']), module('failed', ['passed', 'failed'])])).toBe(
    '3 passed, 1 failed',
  );
});

test('names skipped tests only when there are any', () => {
  expect(closingLine([module('passed', ['passed', 'skipped'])])).toBe('1 passed, 0 failed, 1 skipped');
});

test('a file that could not be loaded and an error outside any test are failures', () => {
  expect(closingLine([module('failed', [])], [new Error('late')])).toBe('0 passed, 2 failed');
});
