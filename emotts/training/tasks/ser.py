"""Emotion recognition on the pre-trained encoder, heard relative to each speaker's neutral.

A batch holds a few speakers, each with some neutral clips and some of every kind. Embeddings are
judged as offsets from the mean of the speaker's neutral ones, so that the offset itself becomes
the space that emotions live in.
"""

import numpy as np
import torch
from sklearn.metrics import recall_score
from torch import Tensor, nn
from torch.nn import functional as F

from emotts.checkpoints import load_checkpoint
from emotts.emotion.affect import NORMS
from emotts.emotion.vocabulary import CATEGORIES
from emotts.models.encoder import EmotionHeads, Encoder, encoder_inputs
from emotts.training.relative import augment, cut, relative_clip
from emotts.training.task import Batch, Task

LEVELS = {"normal": 0.6, "strong": 1.0}
KINDS = ("mel", "semitones", "voiced", "mask")


class Training(Task):
    """options: frames, speakers and neutral a batch, share of ravdess, reverse, corpus_centre
    (odds that a speaker's neutral is unknown), pretrained (a checkpoint name or null)."""

    def index_speakers(self) -> None:
        """Training clips by speaker and emotion; speakers without neutral ones are left out."""
        self.train = self.store.select("train", self.recipe.corpora)
        self.by_speaker: dict[str, dict[str, list[int]]] = {}
        for i in self.train:
            u = self.store.utterances[i]
            self.by_speaker.setdefault(u.speaker, {}).setdefault(u.emotion, []).append(i)
        self.names = sorted(s for s, e in self.by_speaker.items() if "neutral" in e)
        self.corpus = {s: self._corpus(s) for s in self.names}

    def networks(self) -> dict[str, nn.Module]:
        self.index_speakers()
        encoder = Encoder(**self.recipe.model)
        pretrained = self.recipe.options.get("pretrained")
        if pretrained:
            stored = load_checkpoint(self.recipe.export, pretrained)
            encoder.load_state_dict(stored.tensors)
        heads = EmotionHeads(encoder.dim, len(CATEGORIES), len(self.names))
        return {"encoder": encoder, "heads": heads}

    def _corpus(self, speaker: str) -> str:
        first = next(iter(self.by_speaker[speaker].values()))[0]
        return self.store.utterances[first].corpus

    def _odds(self) -> np.ndarray:
        share = {"ravdess": self.recipe.options.get("ravdess", 0.55), "nemo": 0.35}
        odds = np.array([
            share.get(self.corpus[s], 0.1)
            / sum(self.corpus[t] == self.corpus[s] for t in self.names)
            for s in self.names
        ])  # fmt: skip
        return odds / odds.sum()

    def batch(self, generator: np.random.Generator) -> Batch:
        o = self.recipe.options
        groups = o.get("speakers", 4)
        each, neutral = self.recipe.batch_size // groups, o.get("neutral", 2)
        who = generator.choice(len(self.names), groups, replace=False, p=self._odds())
        picks, speakers = [], []
        for w in who:
            emotions = self.by_speaker[self.names[w]]
            kinds = ["neutral"] * neutral
            kinds += [str(k) for k in generator.choice(sorted(emotions), each - neutral)]
            picks += [int(generator.choice(emotions[k])) for k in kinds]
            speakers += [int(w)] * each
        batch = self._stack(picks, generator)
        batch["speaker"] = torch.tensor(speakers)
        batch["unknown"] = torch.from_numpy(generator.random(groups) < o.get("corpus_centre", 0.15))
        return batch

    def _stack(self, picks: list[int], generator: np.random.Generator | None) -> Batch:
        out = self._clips(picks, self.recipe.options.get("frames", 240), generator)
        rows = [self.store.utterances[i] for i in picks]
        out["category"] = torch.tensor([CATEGORIES.index(u.emotion) for u in rows])
        level = [0.0 if u.emotion == "neutral" else LEVELS.get(u.level or "", -1) for u in rows]
        out["level"] = torch.tensor(level)
        affect = [
            np.array(NORMS[u.emotion]) * (acted if acted > 0 else 0.8)
            for u, acted in zip(rows, level, strict=True)
        ]
        out["affect"] = torch.from_numpy(np.stack(affect)).float()
        out["six"] = torch.tensor([u.corpus == "nemo" for u in rows])
        return out

    def _clips(self, picks: list[int], frames: int, generator: np.random.Generator | None) -> Batch:
        """Inputs of the encoder; with a generator at a random place, and disturbed."""
        clips = [relative_clip(self.store, i) for i in picks]
        if generator is not None:
            clips = [augment(c, generator) for c in clips]
        clips = [cut(c, frames, generator) for c in clips]
        return {k: torch.from_numpy(np.stack([c[k] for c in clips])) for k in KINDS}

    def _embed(self, batch: Batch) -> Tensor:
        inputs = encoder_inputs(batch["mel"], batch["semitones"], batch["voiced"])
        return self.modules["heads"].embed(self.modules["encoder"](inputs), batch["mask"])

    def loss(self, batch: Batch, step: int):
        o = self.recipe.options
        z = self._embed(batch)
        groups, neutral = len(batch["unknown"]), o.get("neutral", 2)
        grouped = z.reshape(groups, -1, z.shape[-1])
        centres = grouped[:, :neutral].mean(1, keepdim=True)
        common = centres.mean(0, keepdim=True).expand_as(centres)
        centres = torch.where(batch["unknown"][:, None, None], common, centres)
        offset = (grouped - centres).flatten(0, 1)
        out = self.modules["heads"](offset, o.get("reverse", 0.1))
        absent = torch.tensor([c in ("calm", "disgust") for c in CATEGORIES], device=z.device)
        scores = out["category"].masked_fill(batch["six"][:, None] & absent, -1e4)
        category = F.cross_entropy(scores, batch["category"], label_smoothing=0.0)
        rated = (batch["level"] >= 0).float()
        level = ((out["level"] - batch["level"]).square() * rated).sum() / rated.sum().clamp_min(1)
        affect = 1 - concordance(out["affect"], batch["affect"]).mean()
        speaker = F.cross_entropy(out["speaker"], batch["speaker"])
        size = offset.square().mean()
        loss = category + level + 0.3 * affect + speaker * o.get("speaker", 0.1) + 0.002 * size
        right = (scores.argmax(-1) == batch["category"]).float().mean()
        return loss, {
            "category": category.item(), "accuracy": right.item(), "level": level.item(),
            "affect": affect.item(), "speaker": speaker.item(),
        }  # fmt: skip

    def offsets(self, indices: list[int], frames: int = 320) -> tuple[Tensor, Tensor, list]:
        """Embeddings and offsets from the speaker's neutral mean, over `indices` alone."""
        z = []
        for start in range(0, len(indices), 32):
            batch = self._clips(indices[start : start + 32], frames, None)
            z.append(self._embed({k: v.to(self.device) for k, v in batch.items()}))
        z = torch.cat(z)
        rows = [self.store.utterances[i] for i in indices]
        offsets = torch.empty_like(z)
        for name in {u.speaker for u in rows}:
            mine = torch.tensor([u.speaker == name for u in rows])
            calm = torch.tensor([u.speaker == name and u.emotion == "neutral" for u in rows])
            offsets[mine] = z[mine] - z[calm].mean(0)
        return z, offsets, rows

    def _utterance(self, index: int):
        return self.store.utterances[index]

    def figures(self, split: str) -> dict[str, float]:
        """UAR by acted corpus on one split, relative to neutral, among the corpus's own classes."""
        out = {}
        kinds: dict[str, set[str]] = {}
        for u in self.store.utterances:
            kinds.setdefault(u.corpus, set()).add(u.emotion)
        for corpus in sorted(c for c, names in kinds.items() if len(names) > 1):
            rows = self.store.select(split, [corpus])
            rows = [
                i for i in rows if split != "test" or self._utterance(i).held_out == "speaker"
            ]  # fmt: skip
            calm = {u.speaker for u in map(self._utterance, rows) if u.emotion == "neutral"}
            rows = [i for i in rows if self._utterance(i).speaker in calm]
            if not rows:
                continue
            _, offsets, found = self.offsets(rows)
            scores = self.modules["heads"](offsets)["category"].cpu()
            absent = [k for k, name in enumerate(CATEGORIES) if name not in kinds[corpus]]
            scores[:, absent] = -1e4
            heard = scores.argmax(-1).numpy()
            asked = [CATEGORIES.index(u.emotion) for u in found]
            out[f"uar_{corpus}"] = float(recall_score(asked, heard, average="macro"))
        return out

    def validate(self, writer, step):
        return self.figures("dev")

    def export(self):
        tensors = {f"encoder.{k}": v for k, v in self.modules["encoder"].state_dict().items()}
        tensors |= {
            f"heads.{k}": v
            for k, v in self.modules["heads"].state_dict().items()
            if not k.startswith("speaker.")
        }
        neutral = [i for i in self.train if self.store.utterances[i].emotion == "neutral"]
        neutral = neutral[:: max(1, len(neutral) // 400)]
        z, _, rows = self.offsets(neutral)
        names = sorted({u.speaker for u in rows})
        means = [z[[u.speaker == n for u in rows]].mean(0) for n in names]
        spectra = [torch.tensor(self.store.speakers[n].mel_mean) for n in names]
        tensors["neutral.embedding"] = torch.stack(means).mean(0).cpu()
        tensors["neutral.spectrum"] = torch.stack(spectra).mean(0)
        config = {"kind": "ser", "encoder": self.recipe.model, "categories": list(CATEGORIES)}
        return tensors, config, {}


def concordance(a: Tensor, b: Tensor) -> Tensor:
    """Lin's concordance correlation per column of (batch, k)."""
    a_mean, b_mean = a.mean(0), b.mean(0)
    covariance = ((a - a_mean) * (b - b_mean)).mean(0)
    spread = a.var(0, unbiased=False) + b.var(0, unbiased=False) + (a_mean - b_mean).square()
    return 2 * covariance / (spread + 1e-6)
