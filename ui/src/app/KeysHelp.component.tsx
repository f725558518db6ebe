import { Kbd, Modal, Table } from "@mantine/core";
import { useTranslation } from "react-i18next";

/** The keys of the frame, as shown; screens name theirs in their tooltips too. */
export const keys = { palette: "Ctrl K", lock: "Ctrl L", register: "Ctrl N", book: "Ctrl B", record: "F2", primary: "Ctrl Enter", close: "Esc", help: "?" } as const;
const review = { keep: "Y", edit: "E", strike: "X", play: "Space", next: "N", write: "W", add: "A", swap: "S" } as const;

export function KeysHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const rows = [...Object.entries(keys), ...Object.entries(review)];
  return (
    <Modal opened={opened} onClose={onClose} title={t("keys.title")} size="md" closeButtonProps={{ "aria-label": t("common.close") }}>
      <Table verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("keys.key")}</Table.Th>
            <Table.Th>{t("keys.does")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(([name, key]) => (
            <Table.Tr key={name}>
              <Table.Td>
                <Kbd size="md" style={{ whiteSpace: "nowrap" }}>{key}</Kbd>
              </Table.Td>
              <Table.Td>{t(`keys.${name}`)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
