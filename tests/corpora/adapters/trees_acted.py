"""Trees of corpora: acted speech."""

import json
from pathlib import Path

from making import ARCTIC, film, lines, tone, tree


@tree
def esd(root: Path) -> None:
    for speaker, encoding in (("0001", "utf-16"), ("0010", "utf-8"), ("0011", "utf-8")):
        rows = []
        for first, emotion in ((0, "Neutral"), (350, "Angry"), (1400, "Surprise")):
            for place in (1, 21, 51, 60):
                name = f"{speaker}_{first + place:06d}"
                rows.append(f"{name}\tSentence number {place}.\t{emotion}")
                tone(root / speaker / emotion / f"{name}.wav")
        lines(root / speaker / f"{speaker}.txt", rows, encoding)
    tone(root / "0020/Happy/test/0020_000701.wav")
    lines(root / "0020/0020.txt", ["0020_000701\tThe nine eggs.\tHappy", ""])


@tree
def emovdb(root: Path) -> None:
    lines(root / "cmuarctic.data", ARCTIC)
    for folder, style in (("bea_Amused", "amused"), ("bea_Sleepy", "sleepiness"),
                          ("jenie_Disgusted", "disgust"), ("josh_Neutral", "neutral"),
                          ("sam/Angry", "anger")):  # fmt: skip
        for number in ("0001", "0501", "0530"):
            tone(root / folder / f"{style}_1-28_{number}.wav")


@tree
def cremad(root: Path) -> None:
    for actor in (1001, 1008, 1009):
        for name in ("IEO_ANG_LO", "IEO_ANG_MD", "IEO_SAD_HI", "DFA_NEU_XX"):
            tone(root / f"AudioWAV/{actor}_{name}.wav")
    people = ["ActorID,Age,Sex,Race,Ethnicity", "1001,51,Male,x,y", "1008,29,Female,x,y"]
    lines(root / "VideoDemographics.csv", people)
    head = '"localid","pos","queryType","clipName","respEmo","respLevel"'
    lines(root / "finishedResponses.csv", [head, "1,1,1,1001_IEO_ANG_LO,A,40",
          "1,2,1,1001_IEO_ANG_LO,A,55", "1,3,1,1001_IEO_ANG_LO,N,20",
          "1,4,2,1001_IEO_ANG_LO,F,80"])  # fmt: skip


@tree
def ravdess(root: Path) -> None:
    for actor in (1, 2, 19, 20, 21, 24):
        for name in ("03-01-01-01-01-01", "03-01-05-02-02-02", "03-02-05-02-02-02"):
            tone(root / f"Actor_{actor:02d}/{name}-{actor:02d}.wav")


@tree
def tess(root: Path) -> None:
    kinds = [("OAF", "angry", "OAF_angry"), ("YAF", "neutral", "YAF_neutral")]
    for speaker, emotion, folder in [*kinds, ("OAF", "ps", "OAF_Pleasant_surprise")]:
        for word in ("back", "week", "tough"):
            tone(root / folder / f"{speaker}_{word}_{emotion}.wav")
    tone(root / "OAF_neutral/OA_bite_neutral.wav")


@tree
def savee(root: Path) -> None:
    rows = ["path\ttext"]
    for speaker in ("DC", "JE", "JK", "KL"):
        for name in ("a01", "sa02", "su15", "n30"):
            tone(root / f"AudioData/{speaker}/{name}.wav")
            rows.append(f"AudioData/{speaker}/{name}.wav\tSentence {name}.")
    lines(root / "transcripts.tsv", rows)


@tree
def emodb(root: Path) -> None:
    for speaker in ("03", "08", "12", "15", "16"):
        for name in ("a01Wa", "b10Lb", "a02Nc", "b01Tf"):
            tone(root / f"wav/{speaker}{name}.wav")


@tree
def emovo(root: Path) -> None:
    for actor in ("f1", "f3", "m1", "m3"):
        for name in ("rab-{}-b2", "neu-{}-d1", "gio-{}-n5"):
            tone(root / actor / f"{name.format(actor)}.wav")


@tree
def jl(root: Path) -> None:
    folder = root / "Raw JL corpus (unchecked and unannotated)" / "JL(wav+txt)"
    for speaker in ("female1", "male1", "male2"):
        for emotion in ("angry", "neutral", "encouraging"):
            for sentence in (1, 13, 15):
                path = folder / f"{speaker}_{emotion}_{sentence}b_2.wav"
                tone(path)
                lines(path.with_suffix(".txt"), [f"Carrots are number {sentence}."])


@tree
def emns(root: Path) -> None:
    rows = ["id|user_id|gender|age|level|audio_recording|utterance|description|emotion"]
    for number, (emotion, level) in enumerate(
        [("Neutral", 1), ("Sarcastic", 2), ("Happy", 5), ("Angry", 10), ("Surprised", 9)], start=16
    ):
        film(root / f"cleaned_webm/clip{number}.webm", "libopus")
        rows.append(f"{number}|3|Female|32|{level}|wavs/clip{number}.webm|Spoken {number}."
                    f"|Said with stress on SPOKEN|{emotion}")  # fmt: skip
    lines(root / "metadata.csv", rows)


@tree
def nemo(root: Path) -> None:
    rows = ["file_id\temotion\traw_text\tnormalized_text\tspeaker_id\tgender\tage"]
    for speaker, sex in (("EB0", "female"), ("MK0", "female"), ("KS0", "male")):
        for number in (1, 83, 90):
            stem = f"{speaker}_anger_{number}"
            tone(root / f"samples/{stem}.wav")
            rows.append(f"{stem}.wav\tanger\tZdanie numer {number}.\tx\t{speaker}\t{sex}\t27")
    lines(root / "data.tsv", rows)


@tree
def thaiser(root: Path) -> None:
    labels, actors = {}, []
    takes = [("s001", 1, "Angry", 0.8), ("s081", 165, "Neutral", 1.0), ("s001", 2, "Sad", 0.3)]
    for studio, actor, emotion, agreement in [*takes, ("z100", 199, "Frustrated", 0.9)]:
        place = "studio" if studio[0] == "s" else "zoom"
        microphone = "con" if studio[0] == "s" else "mic"
        stem = f"actor{actor:03d}_impro1_1"
        folder = root / f"{place}{studio[1:]}" / microphone
        tone(folder / f"{studio}_{microphone}_{stem}.flac")
        labels[f"{studio}_clip_{stem}.flac"] = [
            {"assigned_emo": emotion, "majority_emo": emotion, "agreement": agreement,
             "annotated": [[emotion, 1.0], [emotion, 1.0], ["Neutral", 0.5]]}
        ]  # fmt: skip
        actors.append({"Actor's ID": f"{actor:03d}", "Age": 30, "Sex": "Female"})
    tone(root / "studio001/clip/s001_clip_actor001_impro1_1.flac")
    (root / "emotion_label.json").write_text(json.dumps(labels))
    (root / "actor_demography.json").write_text(json.dumps({"data": actors}))
    lines(root / "transcripts.tsv", ["path\ttext", *(
        f"{p.relative_to(root).as_posix()}\tสวัสดี" for p in sorted(root.rglob("*.flac"))
    )])  # fmt: skip


@tree
def atthack(root: Path) -> None:
    for speaker in ("F01", "F02", "F03", "M04"):
        for attitude, sentence in (("a1", 1), ("a2", 93), ("a3", 100), ("a4", 2)):
            stem = f"{speaker}_{attitude}_s{sentence:03d}_v01"
            tone(root / f"wav/{stem}.wav")
            lines(root / f"txt/{stem}.txt", [f"Bonjour numéro {sentence}."])
