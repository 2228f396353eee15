import { expect, test } from 'vitest';
import { CabinwatchError } from '../core/index.ts';
import { explainFailure } from './failure.ts';

test('what the caller has to mend is exit 2, all else exit 1', () => {
  expect(explainFailure(new CabinwatchError('INPUT_EMPTY', 'x.mp4 is empty.'), false)).toEqual({
    text: 'cabinwatch: x.mp4 is empty.',
    exitCode: 2,
  });
  expect(explainFailure(new CabinwatchError('DEPENDENCY_MISSING'), false).exitCode).toBe(1);
});

test('an unforeseen error is one line, and says how to see more', () => {
  const { text, exitCode } = explainFailure(new TypeError('a is not a function\nat x'), false);
  expect(text).toBe('cabinwatch: unexpected failure: a is not a function (--verbose shows where)');
  expect(exitCode).toBe(1);
});

test('the chain of causes is shown when asked for, without passwords', () => {
  const root = new Error('connect rtsp://admin:hunter2@192.0.2.1/ failed');
  const error = new CabinwatchError('CAMERA_UNREACHABLE', 'No answer.', {
    cause: new Error('middle', { cause: root }),
  });
  const { text } = explainFailure(error, true);
  expect(text.match(/caused by: /g)).toHaveLength(2);
  expect(text).toContain('rtsp://***@192.0.2.1/');
  expect(text).not.toContain('hunter2');
});

test('something thrown that is no error is still told', () => {
  expect(explainFailure('gone', false).text).toContain('unexpected failure: gone');
});
