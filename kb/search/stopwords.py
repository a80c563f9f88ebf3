"""Words that carry no meaning of their own. Words that turn a sentence round (no, not, without,
sin) and words that are names of things here (on, off, up, down) are kept."""

STOP_WORDS: dict[str, frozenset[str]] = {
    "en": frozenset(
        """
        a an and are as at be been by did do does for from had has have how i if in into is it its
        me my of or our so such that the their them then there these they this to was we were what
        when where which while who why will with would you your can could should am been being
        """.split()
    ),
    "es": frozenset(
        """
        a al como cómo con cual cuál cuando cuándo de del donde dónde e el él ella ellas ellos en era
        es esa esas ese eso esos esta está están estas este esto estos fue ha han hay he la las le les
        lo los me mi mis o para pero por porque que qué quien quién se ser si sido son su sus te tu tus
        u un una unas uno unos usted ustedes y ya yo puedo puede
        """.split()
    ),
    "de": frozenset(
        "der die das den dem des ein eine einer und oder in im an am auf von zu zum zur mit für ist sind "
        "ich sie wir es wie was wenn bei als auch".split()
    ),
    "fr": frozenset(
        "le la les un une des du de et ou en dans sur pour par avec est sont je vous nous il elle ce cette "
        "que qui quoi comment quand mon ma mes votre vos au aux l d j n s qu".split()
    ),
    "it": frozenset(
        "il lo la i gli le un uno una di del della dei e o in con su per da è sono io che come quando "
        "mio mia l d".split()
    ),
    "pt": frozenset(
        "o a os as um uma de do da dos das e ou em no na nos nas por para com é são eu que como quando "
        "meu minha".split()
    ),
    "nl": frozenset(
        "de het een en of in op van te voor met is zijn ik u wij hoe wat wanneer mijn uw dat die".split()
    ),
    "da": frozenset(
        "en et den det de og eller i på af til for med er jeg vi hvordan hvad når min".split()
    ),
    "sv": frozenset(
        "en ett den det de och eller i på av till för med är jag vi hur vad när min".split()
    ),
}
