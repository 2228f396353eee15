import { Type } from 'typebox';
import { closed, number } from '../option-kit.ts';

export const PictureOptions = Type.Object(
  {
    cellChange: number(
      0.03,
      0.005,
      0.5,
      'Brightness change, 0–1, that makes a cell of the coarse grid count as moved. Higher: less moved by noise, small motion is missed.',
    ),
    repeatTolerance: number(
      0.002,
      0,
      0.02,
      'Brightness change, 0–1, that no cell exceeds while a picture repeats. An encoder redraws a repeated picture within 0.001; sensor noise and a clock move some cell by more within a second. Higher: still scenes may count as frozen.',
    ),
    cellForeground: number(
      0.18,
      0.02,
      2,
      'Difference in log brightness from the empty cabin, after taking off the light, that makes a cell foreground. Higher: shadows and reflections count less, dim things are missed.',
    ),
    learnSeconds: number(
      20,
      1,
      3600,
      'Time constant, s, with which the empty cabin is learnt. Higher: things left behind stay foreground for longer, slow changes of light take longer to be forgotten.',
    ),
    greyChroma: number(
      0.012,
      0,
      0.2,
      'Mean colourfulness, 0–1, under which a picture is grey (infrared). Higher: pale colour pictures count as grey.',
    ),
    darkLuma: number(
      0.045,
      0,
      0.5,
      'Mean brightness, 0–1, under which a picture is too dark to judge. Higher: dim cabins count as dark.',
    ),
  },
  closed,
);
