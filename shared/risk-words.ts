/**
 * Words on buttons and in titles that announce something hard to undo, by what they announce. Whole words, any case;
 * Chinese, Japanese and Korean words anywhere, as those languages put no spaces between them.
 */

export const WORD_KINDS = ["money", "sends", "deletes", "allows", "leaves"] as const;
export type WordKind = (typeof WORD_KINDS)[number];

/** What a word announces, after `it may `. */
export const WORD_MEANINGS: Readonly<Record<WordKind, string>> = {
  money: "spend money",
  sends: "send or publish something",
  deletes: "delete something",
  allows: "allow or install something",
  leaves: "end a session or a program",
};

type Lists = { readonly [K in WordKind]: readonly string[] };

/** English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Russian. */
const SPACED: Lists = {
  money: [
    ..."buy buys buying purchase purchasing pay pays paying checkout donate donating transfer transferring".split(" "),
    ...["place order", "place the order", "order now"],
    ..."kaufen kauf bezahlen zahlen zahlung bestellen überweisen spenden".split(" "),
    ..."acheter payer commander virement comprar pagar transferir acquista acquistare pagare".split(" "),
    ..."kopen betalen kup kupić zapłać zapłacić купить оплатить заплатить перевести".split(" "),
  ],
  sends: [
    ..."send sends sending submit submits submitting publish publishes publishing upload uploads uploading".split(" "),
    ..."senden absenden abschicken veröffentlichen hochladen envoyer soumettre publier téléverser".split(" "),
    ..."enviar publicar invia inviare pubblica pubblicare verzenden versturen publiceren".split(" "),
    ..."wyślij wysłać opublikuj отправить опубликовать".split(" "),
  ],
  deletes: [
    ..."delete deletes deleting remove removes removing erase erases erasing wipe discard overwrite purge".split(" "),
    ...["uninstall", "move to trash", "empty trash", "don't save"],
    ..."löschen entfernen verwerfen überschreiben deinstallieren supprimer effacer désinstaller écraser".split(" "),
    ..."eliminar borrar desinstalar sobrescribir descartar elimina eliminare cancella cancellare".split(" "),
    ..."excluir apagar remover verwijderen wissen usuń usunąć skasuj удалить стереть".split(" "),
  ],
  allows: [
    ..."allow allows allowing grant grants granting authorize authorise accept accepts accepting agree".split(" "),
    ..."approve approves approving install installs installing permit consent".split(" "),
    ..."zulassen erlauben akzeptieren zustimmen genehmigen installieren autoriser accepter approuver".split(" "),
    ..."installer permitir aceptar autorizar instalar consenti consentire accetta accettare autorizza installa".split(
      " ",
    ),
    ..."aceitar toestaan accepteren installeren zezwól zezwalaj akceptuj zainstaluj разрешить принять установить".split(
      " ",
    ),
  ],
  leaves: [
    ...["log out", "log off", "sign out", "shut down", "power off", "turn off"],
    ..."logout shutdown restart reboot quit abmelden herunterfahren beenden déconnexion éteindre quitter".split(" "),
    ..."apagar salir esci afsluiten wyloguj выйти выключить".split(" "),
  ],
};

/** Plain nouns and adjectives elsewhere, but clear on a button. */
const ON_CONTROLS: Lists = {
  money: ["order", "subscribe", "book"],
  sends: ["post", "share", "reply", "teilen", "partager", "compartir", "поделиться"],
  deletes: ["format", "reset", "clear", "replace", "zurücksetzen", "réinitialiser"],
  allows: ["trust", "yes", "ja", "oui", "sí", "да"],
  leaves: ["close", "exit", "schließen", "fermer", "cerrar", "chiudi", "закрыть"],
};

const UNSPACED: Lists = {
  money: ["购买", "購買", "支付", "付款", "转账", "下单", "購入", "支払", "振込", "注文", "구매", "결제", "송금"],
  sends: ["发送", "發送", "傳送", "提交", "发布", "送信", "投稿", "公開", "보내기", "전송", "제출", "게시"],
  deletes: ["删除", "刪除", "移除", "清空", "削除", "消去", "삭제", "제거", "지우기"],
  allows: ["允许", "允許", "同意", "授权", "安装", "許可", "承認", "インストール", "허용", "동의", "승인", "설치"],
  leaves: ["退出", "关机", "注销", "ログアウト", "終了", "再起動", "로그아웃", "종료"],
};

const ANYWHERE = patterns(SPACED);
const CONTROLS = patterns(ON_CONTROLS);

/** A word found, as it stands in the text, and what it announces. */
export type FoundWord = { readonly kind: WordKind; readonly word: string };

/**
 * The first such word of each kind in a text.
 * @param control whether the text is a control's own name, where more words are clear
 */
export function riskWords(text: string, control: boolean): readonly FoundWord[] {
  const plain = text.normalize("NFKC").replace(/\p{Default_Ignorable_Code_Point}/gu, "");
  return WORD_KINDS.flatMap((kind) => {
    const word = ANYWHERE[kind].exec(plain)?.[0] ?? (control ? CONTROLS[kind].exec(plain)?.[0] : undefined);
    return word === undefined ? [] : [{ kind, word }];
  });
}

function patterns(lists: Lists): Readonly<Record<WordKind, RegExp>> {
  const of = (kind: WordKind) => {
    const spaced = lists[kind].map((word) => word.normalize("NFKC")).join("|");
    return new RegExp(`(?<![\\p{L}\\p{N}])(?:${spaced})(?![\\p{L}\\p{N}])|${UNSPACED[kind].join("|")}`, "iu");
  };
  return { money: of("money"), sends: of("sends"), deletes: of("deletes"), allows: of("allows"), leaves: of("leaves") };
}
