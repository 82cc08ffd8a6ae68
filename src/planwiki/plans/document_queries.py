"""The whole plan in one answer, as the single questions would give it, for other systems; and the templates."""

from collections import defaultdict
from functools import cache
from uuid import UUID

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.circle.queries import members, seen_as
from planwiki.media.queries import media_in_document
from planwiki.outcomes.queries import all_actions

from .document_schemas import PlanDocument, TemplateList, TemplateSectionView, TemplateView
from .queries import header_of, sections
from .schemas import Mapping, SectionView
from .templating import PlanTemplate, templates


def document(uow: UnitOfWork, plan_id: UUID, keys: set[str] | None = None) -> PlanDocument:
    """All the viewer may see of a plan, or only the sections with these keys. Raises NotFound."""
    shown = sections(uow, plan_id)
    chosen = [one for one in shown if keys is None or one.key in keys]
    there = {one.key for one in chosen}
    return PlanDocument(
        plan=header_of(uow, plan_id, shown),
        sections=chosen,
        outcomes=[],
        actions=[one for one in all_actions(uow, plan_id) if one.section_key in there],
        circle=members(uow, plan_id),
        media=media_in_document(uow, plan_id, keys),
        about_me=_about_me(chosen),
        generated_at=uow.now,
    )


def document_as(uow: UnitOfWork, plan_id: UUID, member_id: UUID, keys: set[str] | None = None) -> PlanDocument:
    """The same as one member would get it. Owners ask; each look is recorded."""
    with seen_as(uow, plan_id, member_id) as as_member:
        return document(as_member, plan_id, keys)


def _about_me(shown: list[SectionView]) -> dict[str, str]:
    """The texts under the headings of the PRSB About Me standard; several under one stand one after another."""
    texts: dict[str, list[str]] = defaultdict(list)
    for one in shown:
        if one.mapping.prsb and one.body_markdown:
            texts[one.mapping.prsb].append(one.body_markdown)
    return {heading: "\n\n".join(parts) for heading, parts in texts.items()}


@cache
def template_list() -> TemplateList:
    """Every shipped template, as programs see it."""
    return TemplateList(items=[_template(one) for one in templates().values()])


def _template(one: PlanTemplate) -> TemplateView:
    parts = [
        TemplateSectionView(
            key=part.key, title=part.title, prompts=list(part.prompts), mapping=Mapping.model_validate(part.mapping)
        )
        for part in one.sections
    ]
    return TemplateView(key=one.key.replace("-", "_"), title=one.title, description=one.description, sections=parts)
