"""The answers as Markdown, ready to be handed in."""

import re
from urllib.parse import quote

from tests.reporting.wording import (
    AUDIT_LEAD,
    AUDIT_TITLE,
    SUBMISSION_LEAD,
    SUBMISSION_TITLE,
    Answer,
    Document,
    Test,
    audit_entries,
    audit_summary,
    clean,
    comparison,
    details,
    failed_tests,
    findings,
    is_selected,
    mnist_source,
    name_of,
    notices,
    points_text,
    readable,
    status_text,
)

SPECIAL = re.compile(r"([\\`*_\[\]|~$])")
LINE_START = re.compile(r"^(\d+(?=[.)]\s)|(?=[-+]\s|[-=]{2}|#))")


def answers_markdown(document: Document) -> str:
    """The whole document: what was run, a table of the questions, and a section for each that was selected."""
    parts = [
        "# Answers to the TensorFlow lab (CO542, lab 07)",
        provenance(document),
        *(f"> **Note:** {escape(note)}" for note in notices(document)),
        overview(document),
        *(section(answer) for answer in document["answers"] if is_selected(answer)),
        submission(document),
        audit(document),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def provenance(document: Document) -> str:
    """Whose implementation was run, on what, and with what result."""
    return "  \n".join(
        [
            f"Subject: {escape(document['subject'])}, seed {document['seed']}",
            f"MNIST: {escape(mnist_source(document))}",
            f"Versions: {escape(details(document['versions']))}",
            f"Machine: {escape(details(document['machine']))}",
            f"Points: **{points_text(document['points'])}**",
        ]
    )


def overview(document: Document) -> str:
    """The table of all questions."""
    rows = []
    for answer in document["answers"]:
        judged = [points_text(answer["points"]), answer["verdict"]] if is_selected(answer) else ["", ""]
        rows.append([answer["question"], answer["title"], status_text(answer), *judged])
    return table(["no.", "question", "status", "points", "published figures"], rows)


def section(answer: Answer) -> str:
    """One question: the sentence, the numbers, the verdict, the figures and what failed."""
    parts = [
        f"## {escape(answer['question'])} {escape(answer['title'])}",
        f"**{escape(status_text(answer))}**, {points_text(answer['points'])} points",
        escape(answer["sentence"]),
    ]
    rows = [list(row) for row in comparison(answer)]
    if rows:
        parts.append(table(["quantity", "measured", "published"], rows))
    parts.append(f"Published figures: **{escape(answer['verdict'])}**. {escape(answer['reason'])}".rstrip())
    parts += [image(answer, name) for name in answer["figures"]]
    failed = failed_tests(answer)
    if failed:
        parts += ["Tests that failed:", "\n".join(failure(test) for test in failed)]
    return "\n\n".join(part for part in parts if part).rstrip()


def submission(document: Document) -> str:
    """What was recorded of a notebook; nothing if none was judged."""
    recorded = document.get("submission")
    if not recorded:
        return ""
    rows = [[readable(run["name"]), str(run["cell"]), run["reason"]] for run in recorded["runs"]]
    parts = [f"## {SUBMISSION_TITLE}", escape(SUBMISSION_LEAD), table(["training", "cell", "recognised by"], rows)]
    for heading, sentences in findings(recorded):
        parts += [f"{escape(heading)}:", "\n".join(f"- {escape(sentence)}" for sentence in sentences)]
    return "\n\n".join(parts)


def audit(document: Document) -> str:
    """Each figure and claim of the original notebook with its verdict; nothing if there is none to show."""
    entries = audit_entries(document)
    if not entries:
        return ""
    rows = [[entry[key] for key in ("question", "place", "said", "verdict", "reason")] for entry in entries]
    listed = table(["no.", "place in the notebook", "published", "verdict", "reason"], rows)
    return f"## {AUDIT_TITLE}\n\n{escape(AUDIT_LEAD)} {escape(audit_summary(document))}.\n\n{listed}"


def image(answer: Answer, name: str) -> str:
    """A figure, from the folder beside the file."""
    described = escape(f"{answer['question']} {answer['title']}: {readable(name)}")
    return f"![{described}](figures/{quote(clean(name), safe='')}.png)"


def failure(test: Test) -> str:
    """A failed test as a list item, its message word for word in a fence longer than any inside it."""
    message = clean(test.get("message") or "no message").strip("\n")
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", message)), default=0))
    lines = [f"{fence}text", *message.split("\n"), fence]
    indented = "\n".join(f"  {line}".rstrip() for line in lines)
    return f"- {escape(name_of(test))} ({escape(test['outcome'])})\n\n{indented}\n"


def table(headers: list[str], rows: list[list[str]]) -> str:
    """A pipe table."""
    lines = [headers, ["---"] * len(headers), *([escape(cell) for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def escape(text: str) -> str:
    """`text` on one line, so that nothing in it is Markdown or HTML."""
    line = " ".join(clean(text).split())
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return LINE_START.sub(r"\1\\", SPECIAL.sub(r"\\\1", line))
