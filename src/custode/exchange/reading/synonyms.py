"""Common headers of exports and spreadsheets, in five languages; in the form of `words_of`.

English, Italian, French, German, Spanish. The first file this was written for is a spreadsheet of a
sales team, the second noCRM's own lead export.
"""

from __future__ import annotations

from typing import Final

from .fields import Field

_WORDS: Final = {
    Field.TITLE: "lead, title, lead title, lead name, deal, deal name, deal title, opportunity, "
    "opportunity name, opportunity title, name, subject, topic, opportunita, nome opportunita, "
    "titolo, nome, oggetto, trattativa, affare, affaire, titre, nom, opportunite, sujet, titel, "
    "bezeichnung, betreff, verkaufschance, titulo, nombre, oportunidad, asunto, negocio",
    Field.DESCRIPTION: "description, details, body, descrizione, dettagli, beschreibung, "
    "descripcion, detalles",
    Field.PIPELINE: "pipeline, sales pipeline, pipeline name, funnel, trichter, embudo, imbuto",
    Field.STEP: "step, stage, deal stage, lead stage, sales stage, pipeline stage, "
    "opportunity stage, step name, phase, fase, fase vendita, stadio, etape, etape de vente, "
    "stufe, verkaufsphase, etapa, etapa de venta",
    Field.STATUS: "status, state, lead status, deal status, stato, esito, statut, etat, zustand, "
    "estado, outcome",
    Field.AMOUNT: "amount, value, deal value, close value, lead amount, deal amount, revenue, "
    "expected revenue, price, total, budget, importo, valore, valore trattativa, totale, prezzo, "
    "ricavo, fatturato, montant, valeur, prix, betrag, wert, summe, umsatz, preis, importe, "
    "valor, monto, precio, ingresos",
    Field.CURRENCY: "currency, currency code, valuta, divisa, devise, wahrung, waehrung, moneda",
    Field.PROBABILITY: "probability, likelihood, win probability, chance, probabilita, "
    "probabilite, wahrscheinlichkeit, probabilidad",
    Field.ESTIMATED_CLOSING_DATE: "estimated closing date, estimated close date, "
    "expected close date, expected closing date, expected close, forecast date, due date, due, "
    "chiusura prevista, chiusura stimata, data chiusura prevista, data di chiusura prevista, "
    "data chiusura stimata, data di chiusura stimata, date de cloture estimee, "
    "date de cloture prevue, cloture prevue, voraussichtliches abschlussdatum, "
    "erwartetes abschlussdatum, fecha de cierre estimada, fecha de cierre prevista, "
    "cierre previsto",
    Field.CLOSED_AT: "closed at, closed on, closed date, close date, closing date, date closed, "
    "won date, data chiusura, data di chiusura, chiusa il, chiuso il, date de cloture, "
    "cloture le, abschlussdatum, geschlossen am, fecha de cierre, cerrado el",
    Field.CREATED_AT: "created at, created on, created, create date, creation date, created date, "
    "date created, date added, engage date, start date, opened at, open date, date, "
    "data creazione, data di creazione, creata il, creato il, data apertura, data inizio, data, "
    "date de creation, cree le, creee le, erstellungsdatum, erstellt am, angelegt am, datum, "
    "fecha de creacion, creado el, fecha",
    Field.REMIND_DATE: "remind date, reminder date, reminder, next action date, follow up date, "
    "follow up, promemoria, data promemoria, prossima azione, rappel, date de rappel, relance, "
    "erinnerung, wiedervorlage, recordatorio, fecha de recordatorio",
    Field.OWNER: "user, owner, sales agent, agent, salesperson, sales person, sales rep, "
    "assigned to, assignee, account manager, lead owner, deal owner, opportunity owner, utente, "
    "proprietario, venditore, commerciale, agente, responsabile, assegnato a, assegnata a, "
    "utilisateur, proprietaire, commercial, vendeur, responsable, attribue a, benutzer, "
    "verkaufer, besitzer, zustandig, vertriebsmitarbeiter, usuario, propietario, vendedor, "
    "asignado a, comercial",
    Field.TAGS: "tags, tag, labels, keywords, etichette, etichetta, etiquettes, mots cles, "
    "schlagworte, schlagworter, etiquetas",
    Field.STARRED: "starred, star, favorite, favourite, preferito, preferita, in evidenza, "
    "favori, favorit, favorito, destacado",
    Field.REFERENCE: "id, lead id, deal id, opportunity id, record id, external id, reference, "
    "external reference, ref, codice, riferimento, id opportunita, identifiant, "
    "kennung, referenz, referencia, identificador, codigo",
    Field.SKIP: "step id, user id, pipeline id",
}

FIELDS: Final = {word: field for field, words in _WORDS.items() for word in words.split(", ")}
"""Words of a header -> the place that they name."""

_PARTY: Final = (
    "account, account name, company, company name, customer, customer name, client, client name, "
    "organization, organisation, organization name, business, azienda, societa, ragione sociale, "
    "cliente, nome cliente, impresa, ditta, entreprise, societe, raison sociale, firma, "
    "unternehmen, kunde, kundenname, firmenname, empresa, razon social, compania"
)
_MATTER: Final = (
    "product, product name, service, project, project name, prodotto, servizio, progetto, "
    "produit, projet, produkt, dienstleistung, projekt, producto, servicio, proyecto"
)
_PERSON: Final = (
    "contact, contact name, full name, first name, last name, contatto, nome e cognome, "
    "nominativo, cognome, prenom, kontakt, ansprechpartner, vorname, nachname, contacto, apellido"
)

TITLE_PARTS: Final = tuple(frozenset(words.split(", ")) for words in (_PARTY, _MATTER, _PERSON))
"""Headers to form a title from when none is a title: who, what, and else which person."""
