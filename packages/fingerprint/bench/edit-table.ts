import * as edit from "./edit-list.ts";

const { appFrame, blackBox, border, both, caption, crop, cropEvenly, letterbox, mirror, recompress, tilt } = edit;

const light = appFrame("#ffffff", "#202020");
const dark = appFrame("#121212", "#eeeeee");
const whiteCaption = caption(0.2, "bottom", "#fff", "#000");

/** Every edit that is measured, by the name it has in the results. */
export const EDITS: Readonly<Record<string, edit.EditOf>> = {
  "jpeg-20": recompress(20),
  "resize-128": edit.shrink(128),
  "crop-even-5": cropEvenly(0.05),
  "crop-even-10": cropEvenly(0.1),
  "crop-even-20": cropEvenly(0.2),
  "crop-left-5": crop(0.05, 0, 0, 0),
  "crop-left-10": crop(0.1, 0, 0, 0),
  "crop-right-20": crop(0, 0, 0.2, 0),
  "crop-top-10": crop(0, 0.1, 0, 0),
  "crop-bottom-20": crop(0, 0, 0, 0.2),
  "crop-between-7": crop(0.07, 0, 0, 0),
  "crop-between-12": crop(0, 0.125, 0, 0),
  "crop-between-17": crop(0, 0, 0.17, 0),
  "crop-corner-10": crop(0.1, 0.1, 0, 0),
  "border-2": border(0.02, "#000"),
  "border-5": border(0.05, "#fff"),
  "border-10": border(0.1, "#c03050"),
  "letterbox-9x16": letterbox(9 / 16, "#000"),
  "letterbox-21x9": letterbox(21 / 9, "#fff"),
  "letterbox-1x1": letterbox(1, "#234567"),
  "caption-above": caption(0.2, "top", "#fff", "#000"),
  "caption-below": caption(0.2, "bottom", "#000", "#fff"),
  "caption-below-12": caption(0.12, "bottom", "#fff", "#000"),
  "app-light": light,
  "app-dark": dark,
  "rotate-90": edit.quarterTurn(90),
  "rotate-180": edit.quarterTurn(180),
  "rotate-270": edit.quarterTurn(270),
  "rotate-1": tilt(1, "same"),
  "rotate-2": tilt(2, "same"),
  "rotate-3": tilt(-3, "same", "#fff"),
  "rotate-inside-1": tilt(1, "inside"),
  "rotate-inside-2": tilt(-2, "inside"),
  "rotate-inside-3": tilt(3, "inside"),
  "rotate-grown-2": tilt(2, "grown"),
  "rotate-grown-3": tilt(-3, "grown", "#fff"),
  mirror,
  invert: edit.invert,
  "text-small": edit.smallMark,
  "text-large": edit.largeMark,
  "bar-10": blackBox(1, 0.1),
  "bar-20": blackBox(1, 0.2),
  "box-20": blackBox(0.2, 0.2),
  sticker: edit.stickerOf(0.2),
  "mirror+crop-left-10": both(mirror, crop(0.1, 0, 0, 0)),
  "mirror+crop-even-10": both(mirror, cropEvenly(0.1)),
  "mirror+border-5": both(mirror, border(0.05, "#000")),
  "mirror+app": both(mirror, light),
  "mirror+box-20": both(mirror, blackBox(0.2, 0.2)),
  "mirror+rotate-2": both(mirror, tilt(2, "same")),
  "invert+border-5": both(edit.invert, border(0.05, "#fff")),
  "rotate-90+crop-even-10": both(edit.quarterTurn(90), cropEvenly(0.1)),
  "crop-even-10+caption": both(cropEvenly(0.1), whiteCaption),
  "crop-top-10+app": both(crop(0, 0.1, 0, 0), dark),
  "box-20+app": both(blackBox(0.2, 0.2), light),
  "text+border-5": both(edit.smallMark, border(0.05, "#000")),
  "rotate-2+border-5": both(tilt(2, "inside"), border(0.05, "#fff")),
  "caption+jpeg-20": both(whiteCaption, recompress(20)),
  "crop-even-10+crop-left-10": both(cropEvenly(0.1), crop(0.1, 0, 0, 0)),
};

type Curve = { readonly strengths: readonly number[]; readonly edit: (strength: number) => edit.EditOf };

/** Edits whose reach has an end, by rising strength: shares of the side they are of, or degrees. */
export const CURVES: Readonly<Record<string, Curve>> = {
  "crop-left": { strengths: [0.15, 0.2, 0.22, 0.25, 0.3], edit: (p) => crop(p, 0, 0, 0) },
  "crop-even": { strengths: [0.15, 0.2, 0.25, 0.3], edit: cropEvenly },
  "crop-corner": { strengths: [0.05, 0.1, 0.15, 0.2], edit: (p) => crop(p, p, 0, 0) },
  "crop-anyhow": { strengths: [0.05, 0.1, 0.15, 0.2], edit: edit.cropAnyhow },
  "crop-even-10+crop-left": {
    strengths: [0.05, 0.1, 0.15, 0.2],
    edit: (p) => both(cropEvenly(0.1), crop(p, 0, 0, 0)),
  },
  "rotate-inside": { strengths: [3, 4, 5], edit: (degrees) => tilt(degrees, "inside") },
  box: { strengths: [0.2, 0.3, 0.4], edit: (p) => blackBox(p, p) },
  "box+app": { strengths: [0.1, 0.15, 0.2, 0.3], edit: (p) => both(blackBox(p, p), light) },
  bar: { strengths: [0.2, 0.3, 0.4], edit: (p) => blackBox(1, p) },
  // Strength is JPEG's quality.
  "caption+jpeg": { strengths: [10, 20, 40, 80], edit: (quality) => both(whiteCaption, recompress(quality)) },
  sticker: { strengths: [0.2, 0.25, 0.3, 0.4], edit: edit.stickerOf },
};
