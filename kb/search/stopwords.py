"""Words that carry no meaning of their own. Words that turn a sentence round (no, not, without,
sin) and words that are names of things here (on, off, up, down) are kept. Those typed without
their apostrophe (wont, cant) say nothing as they stand, and must not be taken for a mistyped
“want” or “can”."""

_TEXTS = {
    "en": """
        a am an and are as at be been being by can could did do does for from had has have how
        i if in into is it its me my of or our should so such that the their them then there
        these they this to was we were what when where which while who why will with would you
        your
        cant couldnt didnt doesnt dont hasnt havent isnt wasnt wont wouldnt
    """,
    "es": """
        a al como con cual cuando cuál cuándo cómo de del donde dónde e el ella ellas ellos en
        era es esa esas ese eso esos esta estas este esto estos está están fue ha han hay he
        la las le les lo los me mi mis o para pero por porque puede puedo que quien quién qué
        se ser si sido son su sus te tu tus u un una unas uno unos usted ustedes y ya yo él
    """,
    "de": """
        als am an auch auf bei das dem den der des die ein eine einer es für ich im in ist mit
        oder sie sind und von was wenn wie wir zu zum zur
    """,
    "fr": """
        au aux avec ce cette comment d dans de des du elle en est et il j je l la le les ma
        mes mon n nous ou par pour qu quand que qui quoi s sont sur un une vos votre vous
    """,
    "it": """
        che come con d da dei del della di e gli i il in io l la le lo mia mio o per quando
        sono su un una uno è
    """,
    "pt": """
        a as com como da das de do dos e em eu meu minha na nas no nos o os ou para por quando
        que são um uma é
    """,
    "nl": """
        dat de die een en het hoe ik in is met mijn of op te u uw van voor wanneer wat wij
        zijn
    """,
    "da": """
        af de den det eller en er et for hvad hvordan i jeg med min når og på til vi
    """,
    "sv": """
        av de den det eller en ett för hur i jag med min när och på till vad vi är
    """,
}
STOP_WORDS = {lang: frozenset(text.split()) for lang, text in _TEXTS.items()}

_HARDLY_MEANT = {
    "en": "might must shall rather none doing quite ever perhaps each every both",
    "es": "sobre entre hacia hasta desde cada casi aunque ninguno cualquier nada",
}
HARDLY_MEANT = {lang: frozenset(text.split()) for lang, text in _HARDLY_MEANT.items()}
"""Words found in every text that nobody asks for by themselves: an unknown word beside one of them
(night, tight, father; cobre) is a word of its own, which no article happens to have."""
