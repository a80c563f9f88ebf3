"""Given names that stand for nobody else: none of them is also a word, a month, a place or a
program in Spanish or English. Those that are (Will, Rosa, Mar) count by what is around them."""

import unicodedata

_SPANISH = """
aarón abel abelardo adela adolfo adrián adriana agustín agustina aitana aitor albert alberto
aleix alejandra alejandro alexis alfonso alfredo alicia alonso álvaro amador amaia ana
anabel anaïs andoni andrea andrés andreu ángela ángeles anna antoni antonia antonio ariadna
arantxa araceli arnau arturo asier azucena bartolomé beatriz begoña belén benito
berta bernardo blas borja carles carlos carlota carme carmen carmelo catalina cayetana
cecilia celestino celia cesáreo charo chelo conchi conchita cristian cristina cristóbal
damián daniela dani demetrio diana diego edgardo eduardo eduard elena eleuterio elisa
eloísa elvira emilia emiliano emilio encarna encarnita enric enrique ernesto esteban estefanía
esther eugenia eugenio eulalia eusebio eva evaristo ezequiel fabián fabiola federico felipe
félix ferran fermín fernanda fernando fidel francesc francisca francisco gabriela gabriel
gemma gerardo gervasio gisela gonzalo gorka graciela gregorio griselda guillermo
gustavo haizea héctor heriberto hernán hilario horacio hugo humberto ibai idoia ignacio
iker inés iñaki íñigo irene isaac isabel isidro ismael itziar iván ivonne izaskun jacinto
jacobo jaime jairo jaume javi javier jesús jimena joan joana joaquín joaquina joel jon jordi
jorge josé josefa josefina josep josu joseba juan juana juanjo juanma julia juliana julián
julieta kiko koldo leandro leire leocadia leonor leopoldo leticia lluís loli lola lorena lorenzo
lucas lucía luciano luis luisa macarena magdalena maite manel manolo manoli manu manuel manuela
marc marcela marcelino marcelo maría mariano maribel maricarmen marisa marisol marta
martina mateo matías matilde mauricio mayte melchor mercè micaela miguel mikel
miriam míriam mireia moisés mónica montse montserrat nacho natalia nerea nicolás nieves
noa noelia nora norberto núria nuria octavio ofelia oihane olga oriol óscar oswaldo pablo paco
paqui pascual patricia patricio patxi pau paula paulina pedro pepa pepe pere pilarín
quique rafa rafael raimundo ramiro ramón ramona raquel raúl rebeca regina ricardo rigoberto
roberta roberto rodolfo rodrigo rogelio roger rosalía rosana rosaura rubén rufino ruth
samuel sandra santi sara sebastián sergi sergio silvia simón sonia susana tamara telmo teo
teodoro teresa tere toñi toni trini unai úrsula vanesa vanessa vicente vicenta víctor virgilio
wenceslao wilson xabier xavi xavier ximena xoán yago yaiza yanira yolanda zoe zuriñe
bea elías gael izan nekane
"""
_ENGLISH = """
aaron abby abdul abdullah abigail ada adam adrian agnes ahmed aidan aisha alan alasdair alastair
alex alexander alexandra alfie alice alina alison allan allison amanda amara amelia amina amir amit
amy anders andre andrea andreas andrew andy angela anika anil anita ann anna anne annie anthony
anton antoinette anya aoife archie arjun arthur asha ashley ashok audrey ayesha barbara barnaby
barry bartholomew beatrice becky ben benjamin bernadette bernard bert beth bethany betty beverley
bob bobby bogdan brad bradley brenda brendan brian bridget bronwen bruce bryan caitlin callum
cameron carl carla carol caroline caroline carolyn catherine cathy catriona cedric charles charlie
charlotte chen cheryl chloe chris christina christine christopher ciara cindy claire clara clarence
clive colin connor conor craig cynthia cyril damian daniel danielle danny daphne darren
dave david davina dawid debbie deborah declan deepa deirdre delia denis denise dennis derek
desmond diane dieter dimitri dmitri dominic donald donna doreen doris dorothy doug douglas
duncan dylan eamon edgar edith eddie edmund edward eileen elaine eleanor elijah eliza elizabeth
ellen ellie elliot elsie emil emily emma enrico eoin eric erica erik erin esme ethan eugene
evan evelyn ewan fatima fatoumata fergus finlay fiona florian francis
franck freddie frederick freya gareth gary gavin gemma geoff geoffrey george georgina
gerald gerard geraldine giles gillian giovanni giulia giuseppe gladys glenn gordon graeme graham
greg gregory greta guillaume günther gwen gwyneth hamish hannah hans harish harold harriet harry
harvey hassan hayley heidi heike helen helena helga henrik henry hilary howard hussein ian ibrahim
ieuan imogen imran indira ingrid irena isabella isabelle isla ivan jacob jacqueline jacqui jake
jakub james jamie janet janice janine jared jason jayne jeff jeffrey jemima jen jennifer jenny
jeremy jerome jerry jess jessica jill jim jimmy joan joanna joanne jodie joe joel johan johanna
john johnny jonas jonathan josef joseph josephine josh joshua joyce judith judy juergen
jules julian julie juliet jürgen justine karen kareem karim karl karolina kasia kate katarzyna
kathleen kathryn kathy katie katja katrina kavita kayleigh keiko keith kelly kenneth kenji kevin
khalid kieran kimberley kirsten kirsty klaus krishna krzysztof kumar kwame kyle lakshmi lars
laura lauren laurence lawrence leanne leila leonard leroy lesley leslie lewis liam lilian lillian
lindsay lindsey liz lizzie lorna lorraine louis louise luca lucia lucy ludmila luke
lydia lynn lynne maciej madeleine magda maggie malcolm malik mandy mamadou manfred marcin marcus
margaret margarita margot maria mariam marian marie marilyn marion marissa marjorie marlene martha
martin martyn mary maryam mateusz mathieu matilda matt matthew matthias maureen maurice mavis
maxine maya megan mehmet meera mehdi melanie melissa michael michal michelle miguel mike mikhail
mildred millie milly miranda moira molly monica monika morgan morwenna moses muhammad mohammed
mohamed mustafa myra nadia nadine nancy naomi natalie natasha nathan neha neil nelson neville
ngozi niall nicholas nick nicola nicole nigel niamh nikhil nikita nikolai nina noah noreen
norman oksana olaf oleg olga oliver olivia olu omar orla oscar osman otto owen paige
pamela parminder patricia patrick paul paula pauline pavel peggy percy pete peter petra phil philip
philippa phillip phoebe phyllis pierre piotr pippa polly pradeep pranav priscilla priya
rachel rahul raj rajesh ralph ramesh raphael rashid ravi raymond rebecca reggie reginald renata
rhiannon rhys richard rita robert roberta roderick roger rohan rohit roisin ronald ronan rory
rosalind rosamund rosemary rosie rowena roxanne roy rupert russell ruth ryan sabine sabrina sally
salma samantha sameer samira samuel sandeep sandra sanjay sara sarah sasha scott sebastian
seamus selina sergei shane sharon sheila shelley sheryl shirley shreya sian sienna
sigrid simon simone sinead siobhan sofia sofie sonja sonya sophia sophie spencer stacey
stanley stefan stefano stella steph stephanie stephen steve steven stewart stuart sunil suresh
susan susanne suzanne suzy svetlana sven swati sylvia tamsin tania tanya tariq ted terence teresa
terry tess tessa thea theo theodore theresa thomas tiffany tim timothy tina tobias toby tom tommy
tony tracey tracy travis trevor tricia trish trudy tyler ulrike umar uma ursula usha valentina
valerie vanessa venkat vernon veronica vicky victoria vijay vikram vince vincent vivek
vivian vladimir walter wayne wei wendy wilfred wilhelm william winifred winston wojciech xiao
yannick yasmin yasmine yusuf yuki yvette yvonne zach zachary zainab zara zoë zofia
"""
# Names that are words as well: in lower case or where a sentence begins they say nothing.
_WORDS_TOO = """
marcos frances germán bárbara rocío
milagros máximo primitivo concha inmaculada amparo gema norma daisy poppy dan
linda serena lisa lidia candela sean jean eve tomás felicity noel shannon
abril aurora blanca bella bruno clara consuelo cruz dolores esperanza estrella flor gloria gracia
guadalupe iris jordán julio león leo luna luz mar marco margarita marina mercedes mora nieves
paloma paz perla piedad pilar reina reyes rosa rosario salud salvador santiago santos sol soledad
socorro trinidad valentín victoria violeta alba ángel asunción concepción encarnación campos ríos
fuentes torres iglesias calle castillo puerto puente rey cuesta romero delgado blanco rubio moreno
caballero guerrero pastor herrero plaza prado rojo sierra valle vega vela
amber april art august autumn basil bill brook bruce chase chuck clay cliff crystal dale dawn dean
drew duke earl faith frank gene ginger glen grace grant guy hazel heather herb holly hope hunter
iris ivy jack jade jay jasmine jordan joy june ken lance lane lee lily mark marshall mason matt max
may melody mercy miles misty nick norm olive page pat patience pearl penny pierce ray rich rob robin
rod rose ruby rusty sandy sky skip stone storm sue summer tab tad tucker victor violet wade ward
warren will woody baker banks bell bird black brown bush butler carpenter church cook cooper cross
field fields fisher ford forest fox gates gray green hall hill house hunt keys king knight lake
law little long love mason miller moore park parker parks path pool porter post power powers price
queen reader rivers root shepherd short skinner small smith snow spring street swift taylor tower
turner tyre walker wall waters webb white winter wood woods young
"""


def folded(word: str) -> str:
    """Return a word in lower case and without accents, sign by sign."""
    plain = "".join(unicodedata.normalize("NFD", sign)[0] for sign in word)
    return "".join(sign.casefold()[0] for sign in plain)


WORDS_TOO = frozenset(folded(_WORDS_TOO).split())
GIVEN_NAMES = frozenset(folded(_SPANISH + _ENGLISH).split()) - WORDS_TOO
