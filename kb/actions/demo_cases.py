"""The cases of the demo data, with what was said in them."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Turn:
    """Something said in a case, so long before now: by the customer, an agent, or a note."""

    by: str
    ago: timedelta
    text: str
    wait: bool = False


@dataclass(frozen=True, slots=True)
class DemoCase:
    """A case of the demo; the first turn is the form's description."""

    topic: str
    severity: str
    title: str
    turns: tuple[Turn, ...]
    request: str = "technical"
    walk: tuple[tuple[str, str], ...] = ()
    resolved: bool = False


PREMIER_CASES = (
    DemoCase(
        topic="boot",
        severity="A",
        title="Tras recuperar el servidor en otro equipo no encuentra el disco de arranque",
        walk=(
            ("¿Qué ocurre?", "El equipo no arranca"),
            ("¿Desde cuándo?", "Después de recuperarlo"),
            ("¿Es el mismo equipo?", "No, es uno nuevo"),
        ),
        turns=(
            Turn(
                "customer",
                timedelta(days=3, hours=5),
                "Recuperamos la imagen de nuestro servidor de archivos en un equipo nuevo. La "
                "recuperación termina sin errores, pero al arrancar aparece «no boot device "
                "found». El equipo antiguo ya no existe.",
            ),
            Turn(
                "note",
                timedelta(days=3, hours=4, minutes=40),
                "El informe muestra una imagen BIOS en un equipo UEFI. Le pido la controladora.",
            ),
            Turn(
                "agent",
                timedelta(days=3, hours=4, minutes=30),
                "Hola, Marta:\n\nEsto está cubierto: un sistema que no arranca tras recuperarlo "
                "en hardware diferente es cosa nuestra.\n\n1. Arranque el medio de rescate en "
                "modo UEFI.\n2. Ejecute otra vez la recuperación en hardware diferente e indique "
                "la carpeta del controlador de almacenamiento.\n\n¿Qué controladora de "
                "almacenamiento tiene el equipo nuevo?",
                wait=True,
            ),
        ),
    ),
    DemoCase(
        topic="backup",
        severity="A",
        title="La copia del servidor SQL se detiene al 2 %",
        turns=(
            Turn(
                "customer",
                timedelta(minutes=42),
                "Desde esta mañana la copia completa del servidor SQL de producción se queda en "
                "el 2 % y no avanza. No hay mensaje de error. Hay 400 GB libres en la bóveda.",
            ),
        ),
    ),
)

STANDARD_CASES = (
    DemoCase(
        topic="scheduler",
        severity="B",
        title="Scheduler skips the nightly task since the clock change",
        turns=(
            Turn(
                "customer",
                timedelta(hours=20),
                "Eleven of our workstations no longer run the task planned for 02:30. Started by "
                "hand it works. The log has no entry for that time.",
            ),
            Turn(
                "agent",
                timedelta(hours=2),
                "Hello David,\n\nThank you for the times. Tasks planned between 02:00 and 03:00 "
                "can be passed over in the night the clocks change and stay idle afterwards. Move "
                "one of them to 03:15 tonight and tell us tomorrow whether it ran.",
                wait=True,
            ),
            Turn(
                "customer",
                timedelta(minutes=35),
                "It ran at 03:15 on the machine we moved. Do I have to move all of them?",
            ),
        ),
    ),
    DemoCase(
        topic="notifications",
        severity="C",
        title="E-mail notifications arrive twice for the same task",
        turns=(
            Turn(
                "customer",
                timedelta(days=9),
                "Every finished backup sends two identical mails to the same mailbox.",
            ),
            Turn(
                "agent",
                timedelta(days=8, hours=20),
                "Hello David,\n\nThe address is entered in the task and in the central settings. "
                "Remove it from one of the two, and each backup sends one mail.",
            ),
            Turn("customer", timedelta(days=8, hours=18), "That was it, thank you."),
        ),
        resolved=True,
    ),
)

HOME_CASES = (
    DemoCase(
        topic="how-to",
        severity="D",
        title="How do I keep only the last five backups?",
        turns=(
            Turn(
                "customer",
                timedelta(hours=5),
                "My external disk is nearly full. I would like the program to keep five backups "
                "and delete the older ones by itself.",
            ),
        ),
    ),
)

OEM_CASES = (
    DemoCase(
        request="customer-service",
        topic="downloads",
        severity="D",
        title="No encuentro el instalador que venía con mi unidad",
        turns=(
            Turn(
                "customer",
                timedelta(hours=7),
                "Compré una unidad Calder con su programa incluido, pero cambié de ordenador y "
                "ya no tengo el instalador. ¿Dónde puedo descargarlo?",
            ),
        ),
    ),
)
