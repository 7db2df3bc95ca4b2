"""Drawings in a page: ours stand in it with their names; whatever could act or lead elsewhere stays a picture."""

from __future__ import annotations

import pytest
from reading_html import parse

from upward.present.document import Cover, Document, Drawing, Figure
from upward.present.document_drawings import inline_drawing, shown_drawing
from upward.present.document_html import render_html
from upward.present.flow import Flow, FlowArrow, FlowBox, draw_flow

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" width="9" height="9"'


def drawing(svg: str) -> Drawing:
    return Drawing(svg, "What it shows <in words>", 9, 9)


def model(title: str) -> Drawing:
    flow = Flow(
        title,
        "Two parts.",
        (),
        (FlowBox(0, 0, 90, 60, 1, ("A & B",)),),
        (FlowArrow(((90, 30), (120, 30))),),
        120,
        60,
    )
    return Drawing(str(draw_flow(flow)), f"{title}. Two parts.", 136, 76)


def test_a_drawing_stands_in_the_page_with_title_and_description() -> None:
    made = shown_drawing(model("Logic <model>"), "drawing-1")
    assert made.count("<title") == made.count("<desc") == 1
    assert 'aria-labelledby="drawing-1-t drawing-1-d"' in made
    assert (
        '<title id="drawing-1-t">Logic &lt;model&gt;</title><desc id="drawing-1-d">Two parts.</desc>' in made
    )


def test_a_drawing_without_a_name_of_its_own_is_named_by_its_sentence() -> None:
    made = shown_drawing(drawing(f'{HEAD}><path d="M0 0H9"/></svg>'), "d")
    assert '<title id="d-t">What it shows &lt;in words&gt;</title><path' in made


def test_two_drawings_share_no_id() -> None:
    figures = tuple(Figure("One leads to the next", (), (model(f"Model {number}"),)) for number in range(2))
    cover = Cover("Place", "Plan", ("Title",), model("Cover"))
    page = parse(render_html(Document("Title", "en", (cover, *figures))))
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert sum(name.startswith("drawing-") for name in ids) == 6


@pytest.mark.parametrize(
    "svg",
    [
        f"{HEAD}><script>alert(1)</script></svg>",
        f'{HEAD} onload="alert(1)"/>',
        f'{HEAD}><a href="https://example.org"><path d="M0 0"/></a></svg>',
        f'{HEAD}><image href="https://example.org/x.png"/></svg>',
        f'{HEAD}><rect fill="url(https://example.org/x)"/></svg>',
        f"{HEAD}><style>body{{display:none}}</style></svg>",
        f'{HEAD}><rect style="fill:red"/></svg>',
        f'{HEAD}><foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject></svg>',
        f'{HEAD}><path id="main" d="M0 0"/></svg>',
        f"{HEAD}><g><title>Another name</title></g></svg>",
        f'<!DOCTYPE svg [<!ENTITY a "b">]>{HEAD}><text>&a;</text></svg>',
        f"{HEAD}><!-- --><path d='M0 0'/></svg>",
        f"{HEAD}><path",
        '<svg viewBox="0 0 9 9"></svg>',
    ],
)
def test_what_could_act_lead_elsewhere_or_clash_stays_a_picture(svg: str) -> None:
    assert inline_drawing(drawing(svg), "d") is None
    made = shown_drawing(drawing(svg), "d")
    assert made.startswith('<img src="data:image/svg+xml;base64,')
    assert 'alt="What it shows &lt;in words&gt;"' in made
