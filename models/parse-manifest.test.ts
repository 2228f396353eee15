import { describe, expect, test } from 'vitest';
import { knownModels, loadManifest } from './catalogue.ts';
import { parseManifest } from './parse-manifest.ts';

const valid = {
  id: 'own-detector',
  title: 'A detector of one’s own',
  task: 'detect',
  source: { kind: 'onnx-file', file: 'own.onnx' },
  upstream: { project: 'ours', url: 'https://example.com', licence: 'Apache-2.0' },
  input: { size: { width: 640, height: 640 } },
  decode: { family: 'yolov8' },
  labels: ['person', 'ebike'],
  thresholds: { score: 0.4, low: 0.1, iou: 0.6 },
};

test('every manifest of the project is valid and says where its weights come from', async () => {
  const ids = await knownModels();
  expect(ids).toContain('nanodet-g');
  for (const id of ids) {
    const { manifest } = await loadManifest(id);
    expect(manifest.id).toBe(id);
    expect(manifest.upstream.licence).toMatch(/^(Apache-2\.0|MIT|BSD-)/);
    expect(manifest.built?.sha256, `${id} is pinned`).toMatch(/^[0-9a-f]{64}$/);
  }
});

test('what is left out is filled in', () => {
  const manifest = parseManifest(valid, 'own.json');
  expect(manifest.input).toMatchObject({ layout: 'nchw', fit: 'keep', padTo: 'size', padValue: 114 });
  expect(manifest).toMatchObject({ family: 'yolov8', classNames: ['person', 'ebike'], maxDetections: 100 });
});

test('the known list of classes is meant by its name', () => {
  const { classNames } = parseManifest({ ...valid, labels: 'coco-80' }, 'own.json');
  expect(classNames).toHaveLength(80);
  expect([classNames[0], classNames[3], classNames[79]]).toEqual(['person', 'motorcycle', 'toothbrush']);
});

describe('faults are named with their path:', () => {
  test.each<[string, Record<string, unknown>, RegExp]>([
    ['an unknown family', { decode: { family: 'yolo99' } }, /\/decode\/family: "yolo99".*nanodet.*yolox/],
    ['a family for another task', { task: 'pose' }, /\/task: the family yolov8 is for "detect"/],
    [
      'an option that the family does not take as such',
      { decode: { family: 'nanodet', regMax: 'much' } },
      /\/decode\/regMax/,
    ],
    ['a size off the stride', { input: { size: { width: 650, height: 640 } } }, /\/input\/size: 650x640/],
    [
      'stretching with padding',
      { input: { size: { width: 64, height: 64 }, fit: 'stretch', padTo: 'stride' } },
      /\/input\/padTo/,
    ],
    [
      'two thresholds at once',
      { thresholds: { score: 2, low: -1, iou: 0.6 } },
      /\/thresholds\/score.*\n.*\/thresholds\/low/,
    ],
    ['no labels', { labels: [] }, /\/labels/],
    ['a name that is no file name', { id: '../up' }, /\/id/],
  ])('%s', (_, change, message) => {
    expect(() => parseManifest({ ...valid, ...change }, 'own.json')).toThrow(
      expect.objectContaining({ code: 'MODEL_INVALID', message: expect.stringMatching(message) }),
    );
    expect(() => parseManifest({ ...valid, ...change }, 'own.json')).toThrow(/own\.json/);
  });
});

test('an unknown model is answered with the known ones', async () => {
  await expect(loadManifest('nanodet-h')).rejects.toMatchObject({
    code: 'MODEL_INVALID',
    message: expect.stringMatching(/no model "nanodet-h".*movenet-multipose.*nanodet-g/),
  });
});
