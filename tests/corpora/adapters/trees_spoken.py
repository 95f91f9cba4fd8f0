"""Trees of corpora: voices, dialogues, reading."""

from pathlib import Path

from making import ARCTIC, RATE, film, lines, tone, tree


@tree
def semaine(root: Path) -> None:
    for voice in ("poppy", "spike"):
        tone(root / voice / f"{voice}.flac", seconds=0.4)
        lines(root / voice / f"{voice}.yaml", [
            f"- prompt: uni{n}\n  text: Sentence {n}.\n  start: 0.{i}\n  end: 0.{i + 1}"
            for i, n in enumerate((56, 58, 59))
        ])  # fmt: skip


@tree
def emonet(root: Path) -> None:
    import io

    import numpy as np
    import pandas
    import soundfile

    def row(emotion, *scores):
        buffer = io.BytesIO()
        soundfile.write(buffer, np.zeros(320), RATE, format="WAV")
        label = str([{f"annotator{i}": {emotion: score}} for i, score in enumerate(scores)])
        return {"audioId": {"bytes": buffer.getvalue(), "path": None}, "label": label}

    (root / "data").mkdir(parents=True)
    pandas.DataFrame([row("Jealousy & Envy", 2, 2, 1), row("Anger", 0, 1, 1), row("Pain", 0, 0, 1)]
                     ).to_parquet(root / "data/train-00000-of-00001.parquet")  # fmt: skip


@tree
def hindi(root: Path) -> None:
    rows = ["file,text,speaker,gender,emotion,intensity,dialogue"]
    for dialogue, emotion, intensity in (("7", "anger", 3), ("8", "joy", 1), ("19", "neutral", 0),
                                         ("2", "trusting", 2)):  # fmt: skip
        tone(root / f"wavs/{dialogue}.wav")
        rows.append(
            f'{dialogue}.wav,"यह वाक्य {dialogue}, है।",asha,F,{emotion},{intensity},{dialogue}'
        )
    lines(root / "metadata.csv", rows)


@tree
def iemocap(root: Path) -> None:
    for session in (1, 4, 5):
        name = f"Ses0{session}F_script01_1"
        base = root / f"Session{session}"
        spoken, judged = [], ["% [START_TIME - END_TIME] TURN_NAME EMOTION [V, A, D]", ""]
        for turn, emotion, words in (("F000", "ang", "Anger;"), ("M000", "xxx", "Other;"),
                                     ("M001", "exc", "Excited; Happiness;")):  # fmt: skip
            tone(base / f"sentences/wav/{name}/{name}_{turn}.wav")
            spoken.append(f"{name}_{turn} [006.2901-008.2357]: Turn {turn} of {session}.")
            judged += [f"[6.2901 - 8.2357]\t{name}_{turn}\t{emotion}\t[2.5000, 2.5000, 2.5000]",
                       f"C-E2:\t{words}\t()", "C-E4:\tNeutral;\t()", f"C-{turn[0]}1:\tSadness;\t()",
                       "A-E3:\tval 3; act 2; dom  2;\t()", ""]  # fmt: skip
        lines(base / f"dialog/transcriptions/{name}.txt", spoken)
        lines(base / f"dialog/EmoEvaluation/{name}.txt", judged)


@tree
def meld(root: Path) -> None:
    head = "Sr No.,Utterance,Speaker,Emotion,Sentiment,Dialogue_ID,Utterance_ID"
    for split, folder, texts in (
        ("train", "train_splits", ("Okay.", "I\x92m fine, really.")),
        ("dev", "dev_splits_complete", ("Hello there!",)),
        ("test", "output_repeated_splits_test", ("Okay!",)),
    ):
        rows = [head]
        for number, text in enumerate(texts):
            film(root / folder / f"dia0_utt{number}.mp4", "aac")
            rows.append(f'{number},"{text}",Joey,joy,positive,0,{number}')
        lines(root / f"{split}_sent_emo.csv", rows)


@tree
def lj(root: Path) -> None:
    ids = ("LJ001-0001", "LJ002-0155", "LJ002-0170")
    lines(
        root / "metadata.csv",
        [f'{i}|"No. {n}" quoted|"Number {n} quoted' for n, i in enumerate(ids)],
    )
    for i in ids:
        tone(root / f"wavs/{i}.wav")


@tree
def vctk(root: Path) -> None:
    people = ["p225  23  F    English    Southern  England", "p229  23  F    English"]
    head = "ID  AGE  GENDER  ACCENTS  REGION COMMENTS"
    lines(root / "speaker-info.txt", [head, *people, "p360 19 M American"])
    for speaker in ("p225", "p229", "p360"):
        for microphone in (1, 2):
            tone(root / f"wav48_silence_trimmed/{speaker}/{speaker}_001_mic{microphone}.flac")
        lines(root / f"txt/{speaker}/{speaker}_001.txt", ["Please call Stella."])


@tree
def libritts(root: Path) -> None:
    lines(
        root / "speakers.tsv",
        ["READER\tGENDER\tSUBSET\tNAME", "103\tF\ttrain-clean-100\tA", "84\tM\tdev-clean\tB"],
    )
    for part, reader in (("train-clean-100", 103), ("dev-clean", 84), ("test-clean", 61)):
        stem = root / part / str(reader) / "1240" / f"{reader}_1240_000000_000001"
        tone(stem.with_suffix(".wav"))
        lines(stem.with_suffix(".normalized.txt"), [f"Chapter of {reader}."])
        lines(stem.with_suffix(".original.txt"), ["Ch."])


@tree
def kathleen(root: Path) -> None:
    lines(root / "cmuarctic.data", ARCTIC)
    for prompt, time in (("a0001", 1592748574), ("a0001", 1592748585), ("b0470", 1), ("b0539", 2)):
        tone(root / f"data/arctic_{prompt}_{time}.wav")
    lines(root / "data/arctic_a0001_1592748574.txt", ["Author of the danger trail."])


@tree
def commonvoice(root: Path) -> None:
    head = "client_id\tpath\tsentence\tup_votes\tdown_votes\tage\tgender\taccents"
    for split, person in (("train", "a" * 64), ("dev", "b" * 64), ("test", "c" * 64)):
        tone(root / f"clips/common_voice_en_{split}.mp3", seconds=0.1)
        lines(root / f"{split}.tsv", [head, f"{person}\tcommon_voice_en_{split}.mp3\t"
              f'He said "{split}.\t2\t0\tthirties\tfemale_feminine\t'])  # fmt: skip
