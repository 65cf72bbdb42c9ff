"""The texts of the demo. Every person, company and number is invented."""

from __future__ import annotations

from typing import Final

# E-mail name, first name, last name, role, language; without an e-mail name there is no sign-in.
OFFICINE: Final = (
    ("anna", "Anna", "Bellini", "admin", "it"),
    ("oliver", "Oliver", "Grantham", "admin", "en"),
    ("marta", "Marta", "Fontanesi", "user", "it"),
    ("luca", "Luca", "Rinaldini", "user", "it"),
    ("emily", "Emily", "Carterton", "user", "en"),
    ("davide", "Davide", "Sorrentini", "user", "it"),
    ("", "Paolo", "Grechetti", "user", "it"),
)
LUME: Final = (
    ("carla", "Carla", "Lombardini", "admin", "it"),
    ("tom", "Tom", "Bakersfield", "user", "en"),
)

# Name, steps in order, how many leads, currency; the first is the default pipeline.
PIPELINES: Final = (
    ("Vendite", ("Nuovo", "Contattato", "Visita", "Offerta", "Trattativa"), 150, "EUR"),
    ("Assistenza", ("Richiesta", "Sopralluogo", "Preventivo", "Ordine"), 70, "EUR"),
    ("Export", ("Enquiry", "Qualified", "Sample sent", "Quotation", "Negotiation"), 80, "GBP"),
)
LUME_PIPELINE: Final = ("Progetti", ("Contatto", "Bozza", "Preventivo"), 24, "EUR")

ITALIAN_FIRMS: Final = (
    "Molino Terraverde", "Cantieri Lungolago", "Tessitura Belpiano", "Ceramiche Duerocche",
    "Panificio Grandebosco", "Officine Montelume", "Vetreria Sanlago", "Cartiera Pontenero",
    "Oleificio Collechiaro", "Fonderia Ardesio", "Salumificio Vallelunga", "Arredi Nordovest",
    "Carpenteria Tregiorni", "Caseificio Pratofiorito", "Litografia Quadrelli", "Vivai Altacosta",
    "Distilleria Rocciamora", "Falegnameria Duenoci", "Galvanica Biancospino",
    "Torrefazione Levantina",
    "Autotrasporti Settevie", "Impianti Calorfelice", "Serramenti Luceferma", "Conceria Aquadoro",
)  # fmt: skip
ENGLISH_FIRMS: Final = (
    "Northmoor Mills", "Aldercombe Foods", "Brackenfield Tools", "Copperbeck Engineering",
    "Dunsmere Glass", "Eastwold Printing", "Fernhollow Dairies", "Greycliff Marine",
    "Hazelthorpe Timber", "Ironbridge Lane Forge", "Kestrelway Logistics", "Larkspur Bakeries",
    "Mossgate Textiles", "Oakhanger Joinery", "Pennywell Brewing", "Quarrington Stone",
)  # fmt: skip
FORMS: Final = ("S.r.l.", "S.p.A.", "S.n.c.", "")
ENGLISH_FORMS: Final = ("Ltd", "PLC", "")

ITALIAN_WARES: Final = (
    "Nastro trasportatore", "Pressa idraulica", "Linea di confezionamento", "Compressore a vite",
    "Impianto di aspirazione", "Robot di pallettizzazione", "Quadro elettrico", "Banco di collaudo",
)  # fmt: skip
REPAIRS: Final = (
    "Revisione annuale", "Ricambi pompa", "Fermo linea 2", "Contratto di manutenzione",
    "Taratura strumenti", "Sostituzione motore", "Aggiornamento PLC",
)  # fmt: skip
ENGLISH_WARES: Final = (
    "Conveyor line", "Hydraulic press", "Packing cell", "Screw compressor", "Dust extraction",
    "Palletising robot", "Test bench",
)  # fmt: skip
PROJECTS: Final = (
    "Luci per il negozio", "Restauro insegna", "Allestimento fiera", "Illuminazione uffici",
)  # fmt: skip

CONTACTS: Final = (
    "Sara Moscatelli", "Enrico Valdarno", "Giulia Pontieri", "Matteo Corvaglia", "Elisa Brandolin",
    "Nicolò Sanvitale", "Irène Dellacasa", "Federico Ombrosi",
)  # fmt: skip
ENGLISH_CONTACTS: Final = (
    "Hugh Penhallow", "Grace Whitcombe", "Arthur Lindley", "Nora Fairbrother", "Simon Ackroydon",
)  # fmt: skip
STREETS: Final = ("via dei Tigli", "via Roma", "viale della Stazione", "piazza Nuova")
TOWNS: Final = ("Montelago", "Borgofelice", "San Quirico Alto", "Valpiana", "Portoverde")
ENGLISH_TOWNS: Final = ("Wexbourne", "Harlow Cross", "Little Tenbury", "Saltmarsh")
TAG_CATEGORIES: Final = {
    "Provenienza": ("fiera", "rete vendita", "sito web"),
    "Cliente": ("cliente storico",),
}
TAGS: Final = ("fiera", "cliente storico", "urgente", "rete vendita", "sito web", "da richiamare")
NOTES: Final = (
    "Chiede tempi di consegna prima di decidere.",
    "Ha già un fornitore, il contratto scade in primavera.",
    "Interessati anche al noleggio.\nRichiamare dopo la riunione del consiglio.",
    "",
)
ENGLISH_NOTES: Final = (
    "Wants a site visit before the quotation.",
    "Budget is approved, the start date is not.",
    "",
)
ITALIAN_SAID: Final = (
    "Sentito al telefono: **interessati**, vogliono un prezzo entro venerdì.",
    "Richiamare dopo le 15, in mattinata sono sempre in reparto.",
    "Mandato il catalogo. Chiedono:\n\n- tempi di consegna\n- garanzia estesa\n- 60 giorni",
    "Visita fatta. Il responsabile di produzione è convinto, manca il sì della direzione.",
    "Hanno già un fornitore: partiamo dai ricambi e cresciamo da lì.",
    "Il budget si decide a fine mese. *Non insistere prima.*",
    "Sconto del 5% approvato se confermano entro la settimana.",
    "Non risponde. Lasciato un messaggio in segreteria.",
)
ENGLISH_SAID: Final = (
    "Spoke on the phone: **keen**, they want a price by Friday.",
    "Site visit done. Production is convinced, finance is not yet.",
    "They ask for:\n\n- lead time\n- extended warranty\n- 60 days to pay",
    "No answer. Left a message.",
    "Budget is decided at the end of the month. *Do not push before.*",
)
FILES: Final = {
    "it": ("Verbale.txt", "Verbale corretto.txt"),
    "en": ("Minutes.txt", "Minutes, corrected.txt"),
}
TEMPLATES: Final = (
    (
        "Offerta",
        "La nostra offerta: {{lead.title}}",
        "Gentile {{field:Referente}},\n\necco la nostra offerta per **{{lead.title}}**:"
        " {{lead.amount}}, IVA esclusa.\n\nResto a disposizione.\n\n{{user.name}}",
    ),
    (
        "Primo contatto",
        "{{account.name}}: facciamo due chiacchiere?",
        "Buongiorno {{field:Referente}},\n\nsono {{user.name}} di {{account.name}}. Quando posso"
        " chiamarla per capire cosa vi serve?\n\nCordiali saluti",
    ),
)
ITALIAN_MAILED: Final = (
    ("La nostra offerta", "Buongiorno,\n\necco l'offerta come da accordi:\n\n- consegna in **30"
     " giorni**\n- garanzia di due anni\n\nResto a disposizione."),
    ("Dopo la visita di ieri", "Grazie per l'accoglienza. Le mando il riepilogo di quanto visto e i"
     " prossimi passi."),
    ("Catalogo e listino", "Come promesso al telefono, il catalogo aggiornato."),
)  # fmt: skip
ENGLISH_MAILED: Final = (
    ("Our quotation", "Good morning,\n\nhere is what we agreed:\n\n- delivery within **30 days**\n"
     "- two years of warranty\n\nDo call me with any question."),
    ("After yesterday's visit", "Thank you for your time. Here is what we saw, and what is next."),
)  # fmt: skip
