"""A small sound policy, to be spoilt one word at a time."""

from pathlib import Path

SMALL = {
    "products": """\
- id: server
  name: Server
  market: business
  versions: [12, [11.10, 11.5], 10]
  summary: {es: Un servidor, en: A server}
""",
    "plans": """\
- id: standard
  name: {es: Estándar, en: Standard}
  channels: [email]
  calendar: office
  included_with: [business]
  price: 120 USD
  targets:
    A: {within: 1h 30m, text: {es: Pronto, en: Soon}}
""",
    "calendars": """\
- id: office
  name: {es: Oficina, en: Office}
  zone: Europe/Madrid
  week: {monday-friday: [09:00-14:00, "16:00-24:00"], saturday: 09:00-12:00}
  holidays: [2026-12-25]
""",
    "channels": """\
- id: email
  name: {es: Correo, en: E-mail}
  pitch: {es: Escriba, en: Write}
""",
    "severities": """\
- id: A
  name: {es: Grave, en: Bad}
  meaning: {es: Parada, en: Outage}
""",
    "forms": """\
- id: title
  kind: title
  label: {es: Asunto, en: Subject}
- id: text
  kind: description
  label: {es: Texto, en: Text}
""",
    "requests": """\
- id: technical
  name: {es: Problema, en: Problem}
  fields: [title, text]
  topics:
    - {id: slow, name: {es: Lento, en: Slow}, severity: C}
""",
    "offers": """\
- id: renewal
  kind: renewal
  name: {es: Renovar, en: Renew}
  pitch: {es: Un año más, en: One more year}
  plan: standard
""",
    "entitlements": """\
- id: plan
  when: {request: technical, plan_state: active}
  why: {es: Tiene plan, en: You have a plan}
  grant: {from: plan}
- id: rest
  why: {es: No tiene plan, en: You have no plan}
  refuse: {instead: [knowledge-base]}
  offers: [renewal]
""",
}


def site(root: Path, **changed: str) -> Path:
    """Write a small sound policy, with some files changed."""
    (root / "policy").mkdir()
    for name, text in {**SMALL, **changed}.items():
        (root / "policy" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return root
