"""What each corpus's names and tables mean, against what its authors say they do."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from trees import TREES, lines, tone  # noqa: E402

from emotts.corpora.clips import HELD_SENTENCE, read_corpus, usable  # noqa: E402
from emotts.corpora.registry import CORPORA  # noqa: E402
from emotts.errors import EmottsError  # noqa: E402


@pytest.fixture
def read(tmp_path):
    """Reads a corpus's tree: clips by the end of their path."""

    def reading(name):
        root = tmp_path / "en"
        root.mkdir(exist_ok=True)
        TREES[name](root)
        return {clip.path: clip for clip in read_corpus(CORPORA[name], root)}

    return reading


def test_esd_numbers_run_through_the_emotions(read):
    clips = read("esd")
    surprised = clips["0011/Surprise/0011_001460.wav"]
    assert (surprised.emotion, surprised.text) == ("surprised", "Sentence number 60.")
    assert (surprised.language, surprised.split) == ("en-us", "train")
    assert clips["0001/Neutral/0001_000001.wav"].text == "Sentence number 1."  # UTF-16
    assert clips["0001/Angry/0001_000351.wav"].split == "dev"
    assert clips["0001/Angry/0001_000371.wav"].split == "test"
    assert clips["0010/Neutral/0010_000051.wav"].held_out == "speaker"
    assert clips["0020/Happy/test/0020_000701.wav"].emotion == "happy"


def test_esd_files_in_the_wrong_folder_are_refused(tmp_path):
    lines(tmp_path / "0011/0011.txt", ["0011_000001\tOne.\tNeutral"])
    tone(tmp_path / "0011/Angry/0011_000001.wav")
    with pytest.raises(EmottsError, match="lies under Angry, but its number is of Neutral"):
        read_corpus(CORPORA["esd"], tmp_path)


def test_emovdb_takes_its_texts_from_arctic(read):
    clips = read("emovdb")
    sleepy = clips["bea_Sleepy/sleepiness_1-28_0001.wav"]
    assert sleepy.text == "Author of the danger trail, Philip Steels, etc."
    assert (sleepy.emotion, sleepy.original_emotion) == ("sleepy", "Sleepy")
    assert clips["sam/Angry/anger_1-28_0501.wav"].split == "dev"
    assert {c.split for c in clips.values() if c.speaker == "josh"} == {"test"}


def test_cremad_levels_and_the_votes_of_those_who_only_heard(read):
    clips = read("cremad")
    low = clips["AudioWAV/1001_IEO_ANG_LO.wav"]
    assert (low.level, low.emotion, low.text) == ("weak", "angry", "It's eleven o'clock.")
    assert low.votes == {"angry": 2, "neutral": 1}
    assert (low.sex, low.age) == ("male", "51")
    assert clips["AudioWAV/1001_IEO_ANG_MD.wav"].level == "normal"
    assert clips["AudioWAV/1001_IEO_SAD_HI.wav"].level == "strong"
    assert clips["AudioWAV/1001_DFA_NEU_XX.wav"].level == ""
    assert clips["AudioWAV/1008_DFA_NEU_XX.wav"].split == "dev"
    assert clips["AudioWAV/1009_DFA_NEU_XX.wav"].split == "test"
    assert {row.votes.get("angry") for row in usable(clips.values())[0]} == {None, 2}


def test_ravdess_leaves_songs_out_and_splits_as_the_models_that_ship(read, shared_data):
    from emotts.corpora.packed import read_packed

    clips = read("ravdess")
    assert len(clips) == 12
    clip = clips["Actor_01/03-01-05-02-02-02-01.wav"]
    assert (clip.emotion, clip.level, clip.sex) == ("angry", "strong", "male")
    shipped = {r.speaker: r.split for r in read_packed(shared_data) if r.corpus == "ravdess"}
    ours = {c.speaker: c.split for c in clips.values()}
    assert all(ours[s] == shipped[s] for s in ours.keys() & shipped.keys())
    texts = {r.text for r in read_packed(shared_data) if r.corpus == "ravdess"}
    assert texts == {c.text for c in clips.values()}


def test_tess_words_and_its_misnamed_file(read):
    clips = read("tess")
    assert clips["OAF_Pleasant_surprise/OAF_back_ps.wav"].original_emotion == "pleasant surprise"
    assert clips["OAF_neutral/OA_bite_neutral.wav"].speaker == "OAF"
    assert clips["YAF_neutral/YAF_tough_neutral.wav"].split == "test"


def test_savee_two_letter_codes_and_texts_from_a_table(read):
    clips = read("savee")
    assert clips["AudioData/DC/sa02.wav"].emotion == "sad"
    assert clips["AudioData/DC/su15.wav"].emotion == "surprised"
    assert clips["AudioData/DC/a01.wav"].text == "Sentence a01."


def test_emodb_german_words(read):
    clips = read("emodb")
    bored = clips["wav/03b10Lb.wav"]
    assert (bored.emotion, bored.original_emotion, bored.language) == ("bored", "Langeweile", "de")
    assert (clips["wav/08a01Wa.wav"].sex, clips["wav/08a01Wa.wav"].age) == ("female", "34")
    assert clips["wav/03b01Tf.wav"].text.startswith("Was sind denn das für Tüten")


def test_an_unknown_code_is_named_with_its_file(tmp_path):
    tone(tmp_path / "wav/03a03Wa.wav")
    with pytest.raises(EmottsError, match="03a03Wa.wav: unknown text 'a03'; known are a01, a02"):
        read_corpus(CORPORA["emodb"], tmp_path)
    tone(tmp_path / "wav/speech.wav")
    with pytest.raises(EmottsError, match="a03|speech.wav is not named like 03a01Fa.wav"):
        read_corpus(CORPORA["emodb"], tmp_path)


def test_emovo_jl_and_nemo(read):
    clip = read("emovo")["m1/rab-m1-b2.wav"]
    assert (clip.emotion, clip.original_emotion) == ("angry", "rabbia")
    folder = "Raw JL corpus (unchecked and unannotated)/JL(wav+txt)"
    clip = read("jl")[f"{folder}/female1_encouraging_1b_2.wav"]
    assert (clip.emotion, clip.text, clip.sex) == ("encouraging", "Carrots are number 1.", "female")


def test_nemo_splits_as_the_models_that_ship(read, shared_data):
    from emotts.corpora.packed import read_packed

    clips = read("nemo")
    shipped = {Path(r.path).stem: r.split for r in read_packed(shared_data) if r.corpus == "nemo"}
    ours = {Path(c.path).stem: c.split for c in clips.values()}
    shared = {name for name in ours if name in shipped}
    assert shared and all(ours[name] == shipped[name] for name in shared)


def test_emns_levels_descriptions_and_webm(read):
    clips = read("emns")
    angry = clips["cleaned_webm/clip19.webm"]
    assert (angry.level, angry.split) == ("strong", "test")
    assert angry.description == "Said with stress on SPOKEN"
    assert angry.seconds == pytest.approx(0.1, abs=0.03)
    assert clips["cleaned_webm/clip17.webm"].level == "weak"
    assert clips["cleaned_webm/clip16.webm"].level == ""


def test_thaiser_takes_the_crowds_word_where_it_agrees(read):
    clips = read("thaiser")
    assert len(clips) == 4  # the second microphone of a studio is not read
    angry = clips["studio001/con/s001_con_actor001_impro1_1.flac"]
    assert (angry.emotion, angry.votes, angry.sex) == (
        "angry",
        {"angry": 2, "neutral": 1},
        "female",
    )
    assert clips["studio001/con/s001_con_actor002_impro1_1.flac"].emotion == ""
    assert clips["zoom100/mic/z100_mic_actor199_impro1_1.flac"].emotion == "frustrated"


def test_attitudes_are_categories_of_their_own(read):
    clips = read("atthack")
    assert {c.emotion for c in clips.values()} == {"friendly", "distant", "dominant", "seductive"}
    assert clips["wav/M04_a1_s001_v01.wav"].text == "Bonjour numéro 1."
    assert usable(clips.values())[0] == []


def test_semaine_clips_are_stretches_of_one_file(read, tmp_path):
    from emotts.corpora.audio import read_clip

    clips = read("semaine")
    path = "poppy/poppy.flac#t=0.1,0.2"
    assert (clips[path].emotion, clips[path].split) == ("cheerful", "dev")
    assert len(read_clip(tmp_path / "en", path, 16000)) == 1600


def test_emonet_is_for_testing_and_counts_scores(read):
    pytest.importorskip("pyarrow")
    clips = read("emonet")
    jealous, angry, pained = clips.values()
    assert (jealous.emotion, jealous.level, jealous.votes) == (
        "jealous",
        "strong",
        {"1": 1, "2": 2},
    )
    assert (angry.emotion, angry.level) == ("angry", "weak")
    assert pained.emotion == "" and {c.split for c in clips.values()} == {"test"}


def test_hindi_intensities(read):
    clips = read("hindi")
    assert (clips["wavs/7.wav"].emotion, clips["wavs/7.wav"].level) == ("angry", "strong")
    assert clips["wavs/8.wav"].split == "dev" and clips["wavs/19.wav"].split == "test"
    assert clips["wavs/2.wav"].emotion == "trusting"


def test_iemocap_majorities_votes_and_sessions(read):
    clips = {Path(path).stem: clip for path, clip in read("iemocap").items()}
    angry = clips["Ses01F_script01_1_F000"]
    assert (angry.emotion, angry.text, angry.sex) == ("angry", "Turn F000 of 1.", "female")
    assert angry.votes == {"angry": 1, "neutral": 1}  # the speaker's own answer does not count
    assert clips["Ses01F_script01_1_M000"].emotion == ""
    assert clips["Ses01F_script01_1_M001"].votes == {"excited": 1, "happy": 1, "neutral": 1}
    assert clips["Ses04F_script01_1_F000"].split == "dev"
    assert clips["Ses05F_script01_1_F000"].speaker == "iemocap5F"


def test_meld_leaves_out_what_its_test_says_too(read):
    clips = read("meld")
    rows, left_out = usable(clips.values())
    assert left_out[HELD_SENTENCE] == 1
    assert [r.text for r in rows if r.split == "train"] == ["I'm fine, really."]
    assert {r.emotion for r in rows} == {"happy"}


def test_readers_are_neutral_and_keep_the_words_as_written(read):
    clips = read("lj")
    assert clips["wavs/LJ002-0170.wav"].text == '"Number 2 quoted'
    assert clips["wavs/LJ002-0155.wav"].split == "dev"
    clips = read("kathleen")
    assert clips["data/arctic_a0001_1592748574.wav"].text == "Author of the danger trail."
    assert clips["data/arctic_a0001_1592748585.wav"].text.endswith("Philip Steels, etc.")


def test_vctk_libritts_and_common_voice_know_their_speakers(read):
    clips = read("vctk")
    assert len(clips) == 3 and all("mic1" in path for path in clips)
    assert {c.speaker: c.sex for c in clips.values()} == {
        "p225": "female", "p229": "female", "p360": "male"
    }  # fmt: skip
    sexes = {c.speaker: c.sex for c in read("libritts").values()}
    assert sexes == {"libritts103": "female", "libritts84": "male", "libritts61": ""}
    clips = read("commonvoice")
    assert clips["clips/common_voice_en_dev.mp3"].text == 'He said "dev.'
    assert {c.language for c in clips.values()} == {"en-us"}


def test_a_folder_of_common_voice_says_its_language(tmp_path):
    TREES["commonvoice"](tmp_path)
    with pytest.raises(EmottsError, match="named by its language"):
        read_corpus(CORPORA["commonvoice"], tmp_path)
