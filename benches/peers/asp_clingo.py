#!/usr/bin/env python3
"""Stories printed as answer-set programs, solved by clingo, against the engine's own answers.

    python3 -m venv /tmp/clingo && /tmp/clingo/bin/pip install clingo
    /tmp/clingo/bin/python benches/peers/asp_clingo.py target/debug/chronotope [STORIES]

Each story is drawn by seed, printed with `ask --story FILE --asp`, and solved by clingo; every question that can be asked of it is
answered by `ask`. The two must agree on each: where things are, whether one is beyond another, where people are, what is larger.
"""

import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import clingo

WAYS = {
    "to the left of": (-1, 0), "to the right of": (1, 0), "above": (0, 1), "below": (0, -1),
    "to the upper left of": (-1, 1), "to the lower right of": (1, -1),
}
WORDS = {(-1, 0): "left", (1, 0): "right", (0, 1): "above", (0, -1): "below", (0, 0): "overlap", (-1, 1): "upper-left",
         (1, 1): "upper-right", (-1, -1): "lower-left", (1, -1): "lower-right"}


def solved(program):
    """The atoms of the one answer set; none where there is none."""
    control = clingo.Control(["--warn=none"])
    control.add("base", [], program)
    control.ground([("base", [])])
    atoms = []
    result = control.solve(on_model=lambda model: atoms.append([str(a) for a in model.symbols(atoms=True)]))
    return set(atoms[0]) if result.satisfiable else None


def places(rng):
    """Every relation is one step; half of the stories hold a cycle that need not close."""
    names = rng.sample("ABCDEFGHJK", rng.randint(3, 7))
    story, asked = [], []
    for at in range(1, len(names)):
        way = rng.choice(list(WAYS))
        story.append(f"{names[at]} is {way} {names[rng.randrange(at)]}.")
    if rng.random() < 0.5:
        a, b = rng.sample(names, 2)
        story.append(f"{a} is {rng.choice(list(WAYS))} {b}.")
    rng.shuffle(story)
    for _ in range(3):
        a, b = rng.sample(names, 2)
        asked.append((f"Where is {a} relative to {b}?", ("place", a, b)))
    return story, ["--steps"], asked


def sides(rng):
    """Left of and above at any distance."""
    names = rng.sample("ABCDEFGHJK", rng.randint(3, 7))
    story, asked = [], []
    for _ in range(rng.randint(3, 8)):
        a, b = rng.sample(names, 2)
        story.append(f"{a} is {rng.choice(['to the left of', 'above'])} {b}.")
    for _ in range(3):
        a, b = rng.sample(names, 2)
        way = rng.choice(["to the left of", "above"])
        asked.append((f"Is {a} {way} {b}?", ("follows", a, b, way)))
    return story, [], asked


def sizes(rng):
    things = rng.sample(["box", "chest", "suitcase", "container", "crate", "jar"], rng.randint(3, 6))
    rng.shuffle(things)
    story = [f"The {a} is bigger than the {b}." for a, b in zip(things, things[1:])]
    if rng.random() < 0.3:
        story.pop(rng.randrange(len(story)))
    rng.shuffle(story)
    pairs = [tuple(rng.sample(things, 2)) for _ in range(3)]
    return story, [], [(f"Is the {a} bigger than the {b}?", ("larger", a, b)) for a, b in pairs]


def people(rng):
    who = rng.sample(["Mary", "John", "Sandra", "Daniel"], rng.randint(1, 3))
    story = [f"{rng.choice(who)} went to the {rng.choice(['kitchen', 'garden', 'office', 'hallway'])}." for _ in range(rng.randint(2, 6))]
    told = sorted({line.split()[0] for line in story})
    return story, [], [(f"Where is {name}?", ("at", name)) for name in told]


def expected(atoms, asked):
    """What clingo's atoms say: a word, yes, no, or none where they do not tell."""
    kind, *args = asked
    if kind == "place":
        at = {}
        for atom in atoms:
            if atom.startswith("place("):
                name, x, y, _ = atom[6:-1].replace('"', "").split(",")
                at[name] = (int(x), int(y))
        a, b = args
        if a not in at or b not in at:
            return None
        sign = lambda n: (n > 0) - (n < 0)
        return WORDS[(sign(at[a][0] - at[b][0]), sign(at[a][1] - at[b][1]))]
    if kind == "follows":
        a, b, way = args
        low, high, axis = (a, b, "across") if "left" in way else (b, a, "up")
        if f'follows({axis},"{low}","{high}")' in atoms:
            return "yes"
        return "no" if f'follows({axis},"{high}","{low}")' in atoms else None
    if kind == "larger":
        a, b = args
        if f'larger("{a}","{b}")' in atoms:
            return "yes"
        return "no" if f'larger("{b}","{a}")' in atoms else None
    for atom in atoms:
        if atom.startswith(f'at("{args[0]}",'):
            return atom.split('"')[3]
    return None


def main():
    binary, n = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 400
    rng = random.Random(20261121)
    agreed, torn, told, wrong = 0, 0, 0, []
    kinds = [places, sides, sizes, people]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "story.txt"
        for number in range(n):
            story, flags, asked = kinds[number % len(kinds)](rng)
            path.write_text(" ".join(story))
            run = lambda *args: subprocess.run([binary, "ask", "--story", str(path), *flags, *args], capture_output=True, text=True).stdout
            atoms = solved(run("--asp"))
            for question, what in asked:
                answer = json.loads(run(question, "--json", "--no-timing"))
                status, value = answer["status"], answer["answer"]["value"]
                value = {True: "yes", False: "no"}.get(value, value)
                if atoms is None:
                    # no answer set: the engine names a contradiction where it bears on what is asked, else answers
                    torn += 1
                    ok = status in ("ambiguous", "unknown", "answered")
                else:
                    truth = expected(atoms, what)
                    ok = status == "answered" and value == truth if truth is not None else status == "unknown"
                    told += truth is not None
                agreed += ok
                if not ok:
                    wrong.append((story, question, truth if atoms is not None else "no answer set", status, value))
            if atoms is None:
                answer = json.loads(run("Is the story consistent?", "--json", "--no-timing"))
                ok = answer["answer"]["value"] is False
                agreed += ok
                if not ok:
                    wrong.append((story, "Is the story consistent?", "no", answer["status"], answer["answer"]["value"]))
    print(f"{n} stories, {agreed + len(wrong)} questions: {agreed} agree, {told} of them told by clingo, {torn} of stories without an answer set; {len(wrong)} differ")
    for row in wrong[:10]:
        print(row)
    sys.exit(1 if wrong else 0)


main()
